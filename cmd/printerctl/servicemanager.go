package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"
)

// serviceManager is the socket over which systemd hears of its service
// (sd_notify(3)). The zero value says nothing to nobody.
type serviceManager struct {
	conn  net.Conn
	every time.Duration // how often the watchdog wants to be fed; 0: never
}

// serviceManager finds whoever started this program and wants to hear of it.
func (a *app) serviceManager() (*serviceManager, error) {
	path := a.getenv("NOTIFY_SOCKET")
	if path == "" {
		return &serviceManager{}, nil
	}
	conn, err := net.Dial("unixgram", path)
	if err != nil {
		return nil, fmt.Errorf("NOTIFY_SOCKET: %w (the unit needs NotifyAccess=main)", err)
	}
	sm := &serviceManager{conn: conn}
	if pid := a.getenv("WATCHDOG_PID"); pid == "" || pid == strconv.Itoa(os.Getpid()) {
		if usec, err := strconv.ParseInt(a.getenv("WATCHDOG_USEC"), 10, 64); err == nil && usec > 0 {
			sm.every = time.Duration(usec) * time.Microsecond / 2
		}
	}
	return sm, nil
}

// tell sends a state. That nobody listens any more is no reason to stop.
func (sm *serviceManager) tell(state string) {
	if sm.conn != nil {
		_, _ = sm.conn.Write([]byte(state))
	}
}

func (sm *serviceManager) close() {
	if sm.conn != nil {
		_ = sm.conn.Close()
	}
}

// feed keeps the watchdog quiet for as long as alive says so in time, until
// the function that it returns is called.
func (sm *serviceManager) feed(alive func(context.Context) error) (stop func()) {
	if sm.every == 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(sm.every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			within, done := context.WithTimeout(ctx, sm.every)
			if alive(within) == nil {
				sm.tell("WATCHDOG=1")
			}
			done()
		}
	})
	return func() { cancel(); wg.Wait() }
}
