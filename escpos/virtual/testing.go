package virtual

// TB is the part of testing.TB that NewTest needs.
type TB interface {
	Helper()
	Cleanup(func())
}

// NewTest is New for a test: the printer is closed when the test has ended.
func NewTest(tb TB, cfg *Config) *Printer {
	tb.Helper()
	p := New(cfg)
	tb.Cleanup(func() { _ = p.Close() })
	return p
}
