import type { Command } from 'commander'

/** The subcommand group of that name, made when a command first asks for it. */
export function group(program: Command, name: string, description: string): Command {
  return (
    program.commands.find((command) => command.name() === name) ??
    program.command(name).description(description)
  )
}
