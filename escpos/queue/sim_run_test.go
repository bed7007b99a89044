package queue_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

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
		simulate(t, queue.SimConfig{Seed: seed, Receipts: 12, Faults: 60})
	}
}

func TestSimulationFindsPlantedBugs(t *testing.T) {
	for _, bug := range queue.SimBugs {
		t.Run(string(bug), func(t *testing.T) {
			for seed := range uint64(40) {
				res := queue.Simulate(t, queue.SimConfig{Seed: seed, Receipts: 8, Faults: 25, Bug: bug})
				if len(res.Wrong) > 0 {
					t.Logf("seed %d: %s", seed, res.Wrong[0])
					return
				}
			}
			t.Error("not found")
		})
	}
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
