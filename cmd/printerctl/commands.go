package main

import "github.com/spf13/cobra"

// commands lists the commands, in the order in which help shows them.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{
		newStatusCommand(a),
		newPrintCommand(a),
		newQueueCommand(a),
		newExplainCommand(a),
		newDemoCommand(a),
		newDevicesCommand(a),
		newVersionCommand(a),
	}
}
