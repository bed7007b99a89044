package escpos

// gsGraphics are the graphics functions, in both lengths: GS ( L with a
// prefix of two bytes, GS 8 L with one of four.
func gsGraphics() []CommandDef {
	var all []CommandDef
	for _, f := range []struct{ name, op string }{{"GS ( L", "\x1d(L"}, {"GS 8 L", "\x1d8L"}} {
		for _, d := range graphicsFunctions() {
			d.Name, d.op, d.Class = f.name, f.op, ClassImage
			d.params = append([]param{argConst(48)}, d.params...)
			all = append(all, d)
		}
	}
	return all
}

func graphicsFunctions() []CommandDef {
	key := argChars("kc", 2)
	tone := argPick("a", "48 one tone", "52 several tones")
	x, y := argNumber2("x", "dot"), argNumber2("y", "dot")
	colour := argPick("c", "49 colour 1", "50 colour 2", "51 colour 3", "52 colour 4")
	bx, by := argPick("bx", "1 ×1", "2 ×2"), argPick("by", "1 ×1", "2 ×2")
	image := dataView{name: "image", form: "d1…dk"}
	planes := dataView{name: "image", form: "[c d1…dk]…"}
	one := func(p ...param) []param { return p }
	clr := argChars("d", 3)
	dpi := func(name string) param { return argPick(name, "50 180 dpi", "51 360 dpi") }

	all := []CommandDef{
		{Title: "NV graphics: ask for the capacity", Replies: true, params: one(argFn(48, 0))},
		{Title: "graphics: reference dot density", params: one(argFn(49, 1), dpi("x"), dpi("y"))},
		{Title: "graphics: print what is in the print buffer", params: one(argFn(50, 2))},
		{Title: "NV graphics: ask for the free memory", Replies: true, params: one(argFn(51, 3))},
		{Title: "download graphics: ask for the free memory", Replies: true, params: one(argFn(52, 4))},
	}
	for _, m := range []struct {
		title string
		base  byte
		nv    bool
	}{{"NV graphics", 64, true}, {"download graphics", 80, false}} {
		all = append(all,
			CommandDef{Title: m.title + ": ask for the keys", Replies: true, params: one(argFn(m.base), argChars("d", 2))},
			CommandDef{Title: m.title + ": delete all", Nonvolatile: m.nv, params: one(argFn(m.base+1), clr)},
			CommandDef{Title: m.title + ": delete one", Nonvolatile: m.nv, params: one(argFn(m.base+2), key)},
			CommandDef{Title: m.title + ": define in rows", Nonvolatile: m.nv, view: planes, params: one(argFn(m.base+3), tone, key, argNumber("b", "colour"), x, y)},
			CommandDef{Title: m.title + ": define in columns", Nonvolatile: m.nv, view: planes, params: one(argFn(m.base+4), tone, key, argNumber("b", "colour"), x, y)},
			CommandDef{Title: m.title + ": print one", params: one(argFn(m.base+5), key, argPick("x", "1 ×1", "2 ×2"), argPick("y", "1 ×1", "2 ×2"))},
		)
	}
	return append(all,
		CommandDef{Title: "graphics: store rows in the print buffer", view: image, params: one(argFn(112), tone, bx, by, colour, x, y)},
		CommandDef{Title: "graphics: store columns in the print buffer", view: image, params: one(argFn(113), tone, bx, by, colour, x, y)},
	)
}
