package main

import "github.com/spf13/cobra"

// commands lists the commands.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{
		newStatusCommand(a),
		newPrintCommand(a),
		newQueueCommand(a),
		newExplainCommand(a),
		newDoctorCommand(a),
		newVirtualCommand(a),
		newRenderCommand(a),
		newDemoCommand(a),
		newDevicesCommand(a),
		newInfoCommand(a),
		newTestCommand(a),
		newDrawerCommand(a),
		newCutCommand(a),
		newFeedCommand(a),
		newLogoCommand(a),
		newVersionCommand(a),
	}
}
