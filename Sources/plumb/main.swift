import PlumbCommands

Plumb.main()
