package queue_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/printerctl/printerctl/escpos/queue"
)

// hooksEvery is which seeds have hooks: each event of theirs waits for the
// disk.
const hooksEvery = 4

func simulate(t *testing.T, cfg queue.SimConfig) {
	t.Run(fmt.Sprint(cfg.Seed), func(t *testing.T) {
		w := newWeb(cfg.Seed)
		if cfg.Seed%hooksEvery == 0 {
			cfg.Hooks = w.open
		}
		res := queue.Simulate(t, cfg)
		if len(res.Wrong) > 0 {
			t.Errorf("seed %d: %s\nhistory:\n%s", cfg.Seed, strings.Join(res.Wrong, "\n"), strings.Join(res.History, "\n"))
		}
		if cfg.Hooks != nil {
			w.check(t, res.Told)
		}
	})
}

func TestSimulation(t *testing.T) {
	for seed := range uint64(2) {
		simulate(t, queue.SimConfig{Seed: seed, Receipts: 8, Faults: 30})
	}
}

func TestSimulationFindsPlantedBugs(t *testing.T) {
	// From which seed on it is looked for, so that it does not take long.
	seeds := map[queue.SimBug]uint64{
		queue.BugFence: 0, queue.BugLease: 0, queue.BugClear: 5, queue.BugDoubt: 3,
		queue.BugPrinted: 3, queue.BugMoved: 9, queue.BugCounters: 5, queue.BugEvents: 0,
	}
	for _, bug := range queue.SimBugs {
		t.Run(string(bug), func(t *testing.T) {
			cfg := queue.SimConfig{Seed: seeds[bug], Receipts: 5, Faults: 10, Bug: bug}
			if bug == queue.BugCounters {
				cfg.Receipts = 20 // they earn their trust first
			}
			for range 20 {
				if res := queue.Simulate(t, cfg); len(res.Wrong) > 0 {
					t.Logf("seed %d: %s", cfg.Seed, res.Wrong[0])
					return
				}
				cfg.Seed++
			}
			t.Error("not found")
		})
	}
}

// A seed that fails fails again, in the same way.
func TestAFailureCanBeRepeated(t *testing.T) {
	cfg := queue.SimConfig{Seed: 0, Receipts: 5, Faults: 10, Bug: queue.BugFence}
	id := regexp.MustCompile(`[a-z2-7]{4}-\d+`) // new in each store
	var verdicts, histories []string
	for range 2 {
		res := queue.Simulate(t, cfg)
		require.NotEmpty(t, res.Wrong)
		var wrong []string
		for _, w := range res.Wrong {
			what, _, _ := strings.Cut(w, "\n")
			wrong = append(wrong, id.ReplaceAllString(what, "id"))
		}
		verdicts = append(verdicts, strings.Join(wrong, "\n"))
		histories = append(histories, id.ReplaceAllString(strings.Join(res.History, "\n"), "id"))
	}
	require.Equal(t, verdicts[0], verdicts[1])
	t.Logf("the histories are the same: %v", histories[0] == histories[1])
}

// TestSoak runs as long as it is told to:
//
//	PRINTERCTL_SOAK_SEED=0 PRINTERCTL_SOAK_COUNT=1000 go test -run Soak
//
// COUNT is the number of receipts; there are ten faults to each.
func TestSoak(t *testing.T) {
	count, _ := strconv.Atoi(os.Getenv("PRINTERCTL_SOAK_COUNT"))
	seed, _ := strconv.ParseUint(os.Getenv("PRINTERCTL_SOAK_SEED"), 10, 64)
	const each = 50
	for done := 0; done < count; done += each {
		simulate(t, queue.SimConfig{Seed: seed, Receipts: each, Faults: 10 * each})
		seed++
	}
}
