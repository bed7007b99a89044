package queue

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"fmt"
	"strings"
)

// applicationID marks the file as ours: "PCTL".
const applicationID = 0x5043544C

// migrations take the schema from one version to the next; the version of a
// store is how many of them it has seen. Only ever append.
//
// The payload stands in a table of its own: changing a job's state must not
// rewrite its document.
//
// What Enqueue touches is kept small, for each page of it is written twice.
// Jobs are numbered without gaps, from the floor that is in meta; the highest
// number is never removed, and how many were is in meta as well. So an opened
// store can be checked for jobs that are missing, and no counter has to be
// kept for it. (An IN in a CHECK would build a table for each row.)
var migrations = [...]string{`
CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
	seq      INTEGER PRIMARY KEY AUTOINCREMENT,
	lane     TEXT NOT NULL,
	origin   TEXT NOT NULL,
	key      TEXT NOT NULL,
	title    TEXT NOT NULL,
	priority INTEGER NOT NULL,
	state    TEXT NOT NULL
		CHECK (state IN ('queued', 'printing', 'printed', 'doubt', 'failed', 'canceled', 'expired')),
	reason   TEXT NOT NULL,
	evidence TEXT NOT NULL
		CHECK (evidence IN ('none', 'sent', 'counter', 'paper-status', 'process-id')),
	attempt  INTEGER NOT NULL,
	reprint  INTEGER NOT NULL CHECK (reprint IN (0, 1)),
	created  INTEGER NOT NULL,
	updated  INTEGER NOT NULL,
	expires  INTEGER NOT NULL,
	size     INTEGER NOT NULL,
	sum      BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX job_key ON job (origin, key) WHERE key <> '';
CREATE INDEX job_queued ON job (lane, priority DESC, seq) WHERE state = 'queued';
CREATE INDEX job_open ON job (lane, seq) WHERE state IN ('printing', 'doubt');
CREATE INDEX job_expiry ON job (lane, expires) WHERE state = 'queued' AND expires <> 0;

CREATE TABLE payload (
	seq INTEGER PRIMARY KEY,
	doc BLOB NOT NULL
) STRICT;

CREATE TABLE history (
	n        INTEGER PRIMARY KEY AUTOINCREMENT,
	job      INTEGER NOT NULL,
	time     INTEGER NOT NULL,
	lane     TEXT NOT NULL,
	state    TEXT NOT NULL,
	event    TEXT NOT NULL,
	reason   TEXT NOT NULL,
	evidence TEXT NOT NULL,
	attempt  INTEGER NOT NULL,
	reprint  INTEGER NOT NULL,
	detail   TEXT NOT NULL
) STRICT;
CREATE INDEX history_job ON history (job);

CREATE TABLE lane (
	name        TEXT PRIMARY KEY,
	uri         TEXT NOT NULL,
	owner       TEXT NOT NULL,
	state       TEXT NOT NULL,
	reasons     TEXT NOT NULL,
	since       INTEGER NOT NULL,
	status      TEXT NOT NULL,
	status_time INTEGER NOT NULL,
	counters    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (
	lane  TEXT NOT NULL,
	state TEXT NOT NULL,
	n     INTEGER NOT NULL,
	PRIMARY KEY (lane, state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER job_added AFTER INSERT ON job BEGIN
	INSERT INTO tally VALUES (new.lane, new.state, 1)
		ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER job_removed AFTER DELETE ON job BEGIN
	UPDATE tally SET n = n - 1 WHERE lane = old.lane AND state = old.state;
END;
CREATE TRIGGER job_moved AFTER UPDATE OF lane, state ON job
	WHEN new.state <> old.state OR new.lane <> old.lane BEGIN
	UPDATE tally SET n = n - 1 WHERE lane = old.lane AND state = old.state;
	INSERT INTO tally VALUES (new.lane, new.state, 1)
		ON CONFLICT DO UPDATE SET n = n + 1;
END;
`, `
CREATE TABLE printer (
	uri        TEXT PRIMARY KEY,
	counters   TEXT NOT NULL,
	known      TEXT NOT NULL,
	unfinished INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE lane DROP COLUMN counters;
`, `
CREATE TABLE job3 (
	seq      INTEGER PRIMARY KEY,
	lane     TEXT NOT NULL,
	origin   TEXT NOT NULL,
	key      TEXT NOT NULL,
	title    TEXT NOT NULL,
	priority INTEGER NOT NULL,
	state    TEXT NOT NULL CHECK (
		state = 'queued' OR state = 'printing' OR state = 'printed' OR state = 'doubt' OR
		state = 'failed' OR state = 'canceled' OR state = 'expired'),
	reason   TEXT NOT NULL,
	evidence TEXT NOT NULL CHECK (
		evidence = 'none' OR evidence = 'sent' OR evidence = 'counter' OR
		evidence = 'paper-status' OR evidence = 'process-id'),
	attempt  INTEGER NOT NULL,
	reprint  INTEGER NOT NULL CHECK (reprint = 0 OR reprint = 1),
	created  INTEGER NOT NULL,
	updated  INTEGER NOT NULL,
	expires  INTEGER NOT NULL,
	size     INTEGER NOT NULL,
	sum      BLOB NOT NULL
) STRICT;
INSERT INTO job3 SELECT * FROM job ORDER BY seq;
INSERT INTO meta SELECT 'floor', coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'job';
INSERT INTO meta SELECT 'removed', (SELECT value FROM meta WHERE name = 'floor') - count(*) FROM job;
DROP TABLE job;
DROP TABLE tally;
ALTER TABLE job3 RENAME TO job;
CREATE UNIQUE INDEX job_key ON job (origin, key) WHERE key <> '';
CREATE INDEX job_queued ON job (lane, priority DESC, seq) WHERE state = 'queued';
CREATE INDEX job_open ON job (lane, seq) WHERE state IN ('printing', 'doubt');
CREATE INDEX job_expiry ON job (lane, expires) WHERE state = 'queued' AND expires <> 0;
CREATE INDEX job_settled ON job (lane, state) WHERE state IN ('printed', 'failed', 'canceled', 'expired');
`}

// migrate brings the schema up to date, in one transaction.
func migrate(ctx context.Context, c *sql.Conn) error {
	var version, app int
	if err := c.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if err := c.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return err
	}
	switch {
	case version > len(migrations):
		return fmt.Errorf("%w: %d, this program knows up to %d", ErrVersion, version, len(migrations))
	case app != 0 && app != applicationID, app == 0 && version != 0:
		return fmt.Errorf("%w: the file belongs to another program", ErrAccess)
	case version == len(migrations):
		return nil
	}
	if _, err := c.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := func() error {
		// Another process may have been faster.
		if err := c.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		for ; version < len(migrations); version++ {
			if _, err := c.ExecContext(ctx, migrations[version]); err != nil {
				return err
			}
			if version == 0 {
				if _, err := c.ExecContext(ctx, "INSERT INTO meta VALUES ('tag', ?)", newTag()); err != nil {
					return err
				}
			}
		}
		_, err := c.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", version, applicationID))
		return err
	}()
	if err != nil {
		_, _ = c.ExecContext(ctx, "ROLLBACK")
		return err
	}
	_, err = c.ExecContext(ctx, "COMMIT")
	return err
}

// newTag returns four random characters that begin the ids of all jobs of
// one store, so that an id from another store is never taken for one of ours.
func newTag() string {
	var b [3]byte
	_, _ = rand.Read(b[:]) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:])[:4])
}
