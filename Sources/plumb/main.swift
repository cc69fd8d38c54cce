import PlumbCommands

await Plumb.run()
