package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

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

// noArgs refuses arguments, and says what they may have been meant for.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	path := strings.TrimPrefix(cmd.CommandPath()+" ", cmd.Root().Name()+" ")
	if !cmd.HasSubCommands() {
		return fmt.Errorf("%stakes no argument, and got %q (a printer is named with -p)", path, args[0])
	}
	cmd.SuggestionsMinimumDistance = 2
	cure := fmt.Sprintf("%q lists them", cmd.CommandPath()+" --help")
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		cure = fmt.Sprintf("is %q meant?", path+near[0])
	}
	return fmt.Errorf("unknown command %q (%s)", path+args[0], cure)
}

// needArgs wants least to most arguments, and says how to write the command
// where there are more or fewer.
func needArgs(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && len(args) <= most {
			return nil
		}
		write := strings.TrimSuffix(cmd.UseLine(), " [flags]")
		return fmt.Errorf("%d arguments do not fit (write: %s)", len(args), write)
	}
}
