package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/printer"
	"github.com/printerctl/printerctl/escpos/queue"
	"github.com/printerctl/printerctl/escpos/queue/hook"
)

const testSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// load loads a configuration of this text.
func load(t *testing.T, text string) (*config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return (&app{configPath: path}).loadConfig()
}

func TestConfigMapsToLanesAndHooks(t *testing.T) {
	c, err := load(t, `
[printer.counter]
uri           = "tcp://192.0.2.7"
serial        = "J5KF012345"
after_stop    = "restart"
after_doubt   = "reprint"
max_reprints  = 2
hold_near_end = true
backup        = "bar and grill"
backup_after  = "90s"
counters_keep = true
grace         = "20s"
[printer.counter.marks]
reprint = "*** KOPIE ***"
receipt = "Beleg"
attempt = "Versuch"
from    = "Von"
time    = "02.01.2006 15:04"

[printer."bar and grill"]
uri     = "tcp://192.0.2.8:9101"
profile = "generic-58"
grace   = "0s"

[[hook]]
name = "staff"
exec = ["/usr/local/bin/call-staff", "--quiet"]
events = [
	"paper-out",
	"paper-loaded",
]
only_if_lasts = "60s"

[[hook]]
url         = "https://shop.example/printers"
secret_file = "secret"
printers    = ["counter"]
at_start    = true
timeout     = "3s"
`)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(c.path), "secret"), []byte(testSecret+"\n"), 0o600))

	require.Len(t, c.targets(), 2)
	counter, bar := c.targets()[0], c.targets()[1]
	require.Equal(t, "J5KF012345", counter.Serial)
	require.Equal(t, "generic-58", bar.Profile)
	drive := &printer.Config{}
	require.Equal(t, queue.Lane{
		Name: "counter", URI: "tcp://192.0.2.7", Printer: drive,
		AfterStop: queue.Restart, AfterDoubt: queue.Reprint, MaxReprints: 2, HoldNearEnd: true,
		Backup: "bar and grill", BackupAfter: 90 * time.Second, CountersKeep: true, Grace: 20 * time.Second,
		Marks: queue.Marks{Reprint: "*** KOPIE ***", Receipt: "Beleg", Attempt: "Versuch", From: "Von", Time: "02.01.2006 15:04"},
	}, counter.laneOf(drive))
	require.Equal(t, queue.Lane{Name: "bar and grill", URI: "tcp://192.0.2.8:9101", Printer: drive, Grace: -1}, bar.laneOf(drive))

	hooks, err := c.readHooks()
	require.NoError(t, err)
	require.Equal(t, []hook.Hook{
		{
			Name: "staff", Exec: []string{"/usr/local/bin/call-staff", "--quiet"},
			Events: []queue.EventKind{queue.PaperOut, queue.PaperLoaded}, OnlyIfLasts: time.Minute,
		},
		{
			URL: "https://shop.example/printers", Secret: testSecret, Lanes: []string{"counter"},
			AtStart: true, Timeout: 3 * time.Second,
		},
	}, hooks)
}

// Every error names the file, the line and the key, and says what to write.
func TestConfigErrors(t *testing.T) {
	const bar = "[printer.bar]\nuri = \"tcp://192.0.2.7\"\n" // lines 1 and 2
	const twoHooks = bar + "[[hook]]\nexec = [\"true\"]\n[[hook]]\n"
	for _, c := range []struct {
		name, text string
		says       []string
	}{
		{"no TOML", "tcp://192.0.2.7\n", []string{"line 1: ", "correct that line"}},
		{"syntax", bar + "serial = J5\n", []string{"line 3: ", "check the key \"printer.bar.serial\""}},
		{"an unknown key at the top", bar + "[printers.bar]\n", []string{"line 3: ", `unknown key "printers" (known here: hook, printer)`}},
		{"an unknown key of a printer", bar + "\n\nbackupp = \"x\"", []string{"line 5: [printer.bar] backupp: ", "known here: after_doubt, after_stop, backup,"}},
		{"an unknown key of the marks", bar + "marks.reprnt = \"x\"", []string{"line 3: [printer.bar.marks] reprnt: ", "known here: attempt, from, receipt, reprint, time"}},
		{"an unknown key of a hook", twoHooks + "url = \"https://x.example\"\nevent = []", []string{"line 7: [[hook]] 2 event: ", "unknown key", "events,"}},
		{"no URI", "[printer.bar]\n", []string{"line 1: [printer.bar] uri: ", "add uri ="}},
		{"a bad URI", "# printers\n[printer.bar]\nuri = \"ftp://x\"\n", []string{"line 3: [printer.bar] uri: ", "ftp"}},
		{"a URI as a name", "[printer.\"tcp://x\"]\nuri = \"tcp://x\"\n", []string{"line 1: ", "must not look like a URI"}},
		{"an unknown profile", bar + "profile = \"tm-t99\"", []string{"line 3: [printer.bar] profile: ", "tm-t99"}},
		{"a number for text", bar + "serial = 12", []string{"line 3: [printer.bar] serial: it is not text (write serial = \"…\")"}},
		{"text for a number", bar + "max_reprints = \"3\"", []string{"line 3: [printer.bar] max_reprints: it is not a whole number (write max_reprints = 3)"}},
		{"a number out of range", bar + "max_reprints = 0", []string{"line 3: ", "between 1 and 100"}},
		{"text for a flag", bar + "hold_near_end = \"yes\"", []string{"line 3: ", "it is not true or false"}},
		{"a printer that is no table", "printer.bar = 3", []string{"line 1: [printer.bar]: it is not a table"}},
		{"an unknown policy", bar + "after_stop = \"retry\"", []string{"line 3: [printer.bar] after_stop: ", "choose one of: resume, restart"}},
		{"an unknown doubt policy", bar + "after_doubt = \"print\"", []string{"line 3: [printer.bar] after_doubt: ", "ask, reprint, drop"}},
		{"an unknown backup", bar + "backup = \"grill\"", []string{"line 3: [printer.bar] backup: ", `no printer "grill" (configured: bar)`}},
		{"its own backup", bar + "backup = \"bar\"", []string{"line 3: [printer.bar] backup: ", "for itself"}},
		{"a time without a backup", bar + "backup_after = \"5m\"", []string{"line 3: [printer.bar] backup_after: ", "add backup ="}},
		{"a bad duration", bar + "grace = \"10\"", []string{"line 3: [printer.bar] grace: ", `"10" is not a duration`, `grace = "90s"`}},
		{"a duration as a number", bar + "grace = 10", []string{"line 3: ", "it is not a duration in quotes"}},
		{"a negative duration", bar + "grace = \"-10s\"", []string{"line 3: ", "too short"}},
		{"an empty hook", bar + "[[hook]]\n", []string{"line 3: [[hook]]: ", "neither a program nor a URL"}},
		{"a hook that is no table", bar + "[hook]\nexec = [\"true\"]", []string{"line 3: hook: it is not a list of tables"}},
		{"two ways in one hook", twoHooks + "exec = [\"true\"]\nurl = \"https://x.example\"", []string{"line 7: [[hook]] 2 url: ", "a program and a URL"}},
		{"a command line as text", bar + "[[hook]]\nexec = \"true\"", []string{"line 4: [[hook]] exec: it is not a list"}},
		{"a command line with a number", bar + "[[hook]]\nexec = [\"sleep\", 3]", []string{"line 4: [[hook]] exec: item 2 is not text"}},
		{"an unknown event", twoHooks + "exec = [\"true\"]\nevents = [\"papr-out\"]", []string{"line 7: [[hook]] 2 events: ", `"papr-out" (known: paper-near-end, `}},
		{"no event", bar + "[[hook]]\nexec = [\"true\"]\nevents = []", []string{"line 5: [[hook]] events: the list is empty"}},
		{"an unknown printer", twoHooks + "exec = [\"true\"]\nprinters = [\"grill\"]", []string{"line 7: [[hook]] 2 printers: ", "configured: bar"}},
		{"a bad URL", bar + "[[hook]]\nurl = \"shop.example\"", []string{"line 4: [[hook]] url: ", "https://host/path"}},
		{"a bad secret", bar + "[[hook]]\nurl = \"https://x.example\"\nsecret = \"hunter2\"", []string{"line 5: [[hook]] secret: ", "whsec_"}},
		{"two secrets", bar + "[[hook]]\nurl = \"https://x.example\"\nsecret = \"" + testSecret + "\"\nsecret_file = \"s\"", []string{"line 6: [[hook]] secret_file: "}},
		{"a secret for a program", bar + "[[hook]]\nexec = [\"true\"]\nsecret_file = \"s\"", []string{"line 5: [[hook]] secret_file: "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.text)
			require.Error(t, err)
			for _, s := range append(c.says, "config.toml: ") {
				require.ErrorContains(t, err, s)
			}
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestSecretFileErrors(t *testing.T) {
	c, err := load(t, "[[hook]]\nurl = \"https://x.example\"\nsecret_file = \"nowhere\"\n")
	require.NoError(t, err, "who asks for a status need not be allowed to read it")
	_, err = c.readHooks()
	require.ErrorContains(t, err, "line 3: [[hook]] secret_file: ")
	require.ErrorContains(t, err, "no such file")

	c, err = load(t, "[[hook]]\nurl = \"https://x.example\"\nsecret_file = \"empty\"\n")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(c.path), "empty"), nil, 0o600))
	_, err = c.readHooks()
	require.ErrorContains(t, err, "head -c 32 /dev/urandom")
}

// Whatever is in the file, there is a configuration or an error that names it.
func FuzzConfig(f *testing.F) {
	f.Add([]byte("[printer.bar]\nuri = \"tcp://x\"\nbackup = \"bar\"\n[[hook]]\nexec = [\"a\"]\n"))
	f.Add([]byte("printer = {a = {uri = \"tcp://x\", marks = {time = \"\"}}}\nhook = [{url = 'https://x'}, {}]"))
	f.Add([]byte("hook = [[[]]]\n[printer]\n\"\" = 1"))
	path := filepath.Join(f.TempDir(), "config.toml")
	f.Fuzz(func(t *testing.T, b []byte) {
		require.NoError(t, os.WriteFile(path, b, 0o600))
		c, err := (&app{configPath: path}).loadConfig()
		if err != nil {
			require.True(t, bytes.HasPrefix([]byte(err.Error()), []byte(path+": ")), err)
			return
		}
		require.Len(t, c.targets(), len(c.names))
	})
}
