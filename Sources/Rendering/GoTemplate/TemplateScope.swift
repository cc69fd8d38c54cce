/// What the template that is being parsed has declared so far.
///
/// The parser knows a name a little longer than its variable exists: Go looks names up when it parses, and variables when it runs.
struct TemplateScope {
    /// How many variables the template declares in all, `$` included; each has a place of its own.
    private(set) var slotCount = 1
    /// How many loops are around this point.
    var rangeDepth = 0
    private var names = ["$"]
    private var variables = ["$"]
    // By name, so that a template with very many variables is parsed in linear time.
    private var counts = ["$": 1]
    private var slots = ["$": [0]]

    /// A point to come back to.
    struct Place {
        let names: Int
        let variables: Int
    }

    var place: Place { Place(names: names.count, variables: variables.count) }

    func knows(_ name: String) -> Bool { counts[name] != nil }

    /// The place of the variable that a name stands for when this runs; `nil` for none.
    func slot(_ name: String) -> Int? { slots[name]?.last }

    mutating func learn(_ name: String) {
        names.append(name)
        counts[name, default: 0] += 1
    }

    mutating func declare(_ name: String) -> Int {
        variables.append(name)
        slots[name, default: []].append(slotCount)
        slotCount += 1
        return slotCount - 1
    }

    mutating func forgetVariables(from count: Int) {
        while variables.count > count, let name = variables.popLast() { slots[name]?.removeLast() }
    }

    mutating func leave(to place: Place) {
        forgetVariables(from: place.variables)
        while names.count > place.names, let name = names.popLast() {
            let count = (counts[name] ?? 1) - 1
            counts[name] = count == 0 ? nil : count
        }
    }
}
