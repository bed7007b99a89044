package queue

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/printerctl/printerctl/escpos/printer"
)

// laneRow is what the owner of a lane makes known of it.
type laneRow struct {
	name, uri, owner string
	state            LaneState
	reasons          []string
	since            time.Time
	status           printer.Status
}

// saveLane stores what is known of a lane.
func (t *tx) saveLane(r laneRow) error {
	status, err := json.Marshal(r.status)
	if err != nil {
		return err
	}
	_, err = t.s.conn.ExecContext(context.Background(), `INSERT INTO lane (name, uri, owner, state, reasons, since, status, status_time)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
		ON CONFLICT DO UPDATE SET uri = ?2, owner = ?3, state = ?4, reasons = ?5, since = ?6, status = ?7, status_time = ?8`,
		r.name, r.uri, r.owner, r.state, strings.Join(r.reasons, " "), micros(r.since), string(status), micros(r.status.Time))
	return err
}

// lanes lists the lanes that have been run.
func (s *store) lanes(ctx context.Context) (lanes []LaneInfo, err error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT name, uri, owner, state, reasons, since, status, status_time FROM lane ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var (
			l         LaneInfo
			reasons   string
			status    []byte
			since, at int64
		)
		if err := rows.Scan(&l.Name, &l.URI, &l.Owner, &l.State, &reasons, &since, &status, &at); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(status, &l.Status); err != nil {
			l.Status = printer.Status{} // damaged: then it is unknown
		}
		l.Reasons, l.Since, l.Status.Time = strings.Fields(reasons), fromMicros(since), fromMicros(at)
		l.Running = s.leased(l.Name)
		lanes = append(lanes, l)
	}
	return lanes, rows.Err()
}

// leased reports whether somebody runs the lane now.
func (s *store) leased(lane string) bool {
	f, err := os.Open(filepath.Join(s.dir, laneLease(lane)))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	return errors.Is(tryLock(f, false), errHeld)
}

// stats counts jobs, each state by the index that has it.
func (s *store) stats(ctx context.Context) (st Stats, err error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT lane, 'queued' AS state, count(*) FROM job WHERE state = 'queued' GROUP BY lane
		UNION ALL SELECT lane, state, count(*) FROM job WHERE state IN ('printing', 'doubt') GROUP BY lane, state
		UNION ALL SELECT lane, state, count(*) FROM job WHERE state IN `+settledStates+` GROUP BY lane, state ORDER BY lane`)
	if err != nil {
		return st, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var (
			lane  string
			state State
			n     int
		)
		if err := rows.Scan(&lane, &state, &n); err != nil {
			return st, err
		}
		if len(st.Lanes) == 0 || st.Lanes[len(st.Lanes)-1].Lane != lane {
			st.Lanes = append(st.Lanes, LaneStats{Lane: lane, Count: map[State]int{}})
		}
		st.Lanes[len(st.Lanes)-1].Count[state] = n
	}
	if err := rows.Err(); err != nil {
		return st, err
	}
	for i := range st.Lanes {
		var us int64
		// One look into each of the partial indexes.
		err := s.reader.QueryRowContext(ctx, `SELECT coalesce(min(created), 0) FROM job WHERE seq IN (
			(SELECT min(seq) FROM job WHERE lane = ?1 AND state = 'queued'),
			(SELECT min(seq) FROM job WHERE lane = ?1 AND state IN ('printing', 'doubt') AND state = 'printing'))`,
			st.Lanes[i].Lane).Scan(&us)
		if err != nil {
			return st, err
		}
		st.Lanes[i].Oldest = fromMicros(us)
	}
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(s.path + suffix); err == nil {
			st.Bytes += info.Size()
		}
	}
	return st, nil
}
