// Package hook carries the events of a queue out of the process: to programs,
// and to HTTP endpoints.
package hook
