/// Runs a program over a text in time linear in both (Pike's virtual machine, as in regexp/exec.go).
///
/// The text is bytes; a byte that is no UTF-8 counts as U+FFFD, one byte long.
struct RegexMachine {
    private let program: RegexProgram
    private let text: UnsafeBufferPointer<UInt8>
    private var current: Threads
    private var following: Threads
    private var stack: [Frame] = []
    /// A long text under a large program takes long: what is being rendered is counted on.
    private let meter = WorkMeter.current

    /// The threads of one place of the text: a sparse set of instructions, each with its slots.
    private struct Threads {
        var sparse: [Int32]
        var dense: [Int32] = []
        var slots: [Int]

        init(_ program: RegexProgram) {
            sparse = Array(repeating: -1, count: program.instructions.count)
            slots = []
        }

        mutating func insert(_ instruction: Int32) -> Bool {
            let place = Int(sparse[Int(instruction)])
            if place >= 0, place < dense.count, dense[place] == instruction { return false }
            sparse[Int(instruction)] = Int32(dense.count)
            dense.append(instruction)
            return true
        }

        mutating func removeAll() {
            dense.removeAll(keepingCapacity: true)
            slots.removeAll(keepingCapacity: true)
        }
    }

    private enum Frame {
        case visit(Int32)
        case restore(slot: Int, value: Int)
    }

    init(_ program: RegexProgram, _ text: UnsafeBufferPointer<UInt8>) {
        self.program = program
        self.text = text
        current = Threads(program)
        following = Threads(program)
    }

    /// The slots of the leftmost match from a place on; -1 in a slot whose group took no part.
    mutating func match(from start: Int) -> [Int]? {
        if program.isAnchored, start != 0 { return nil }
        let width = program.slotCount
        var matched: [Int]?
        var slots = Array(repeating: -1, count: width)
        var position = start
        current.removeAll()
        following.removeAll()
        while true {
            if let meter, !meter.spend(1 + current.dense.count) { return nil }
            if current.dense.isEmpty {
                if matched != nil { break }
                if program.isAnchored, position != start { break }
                if !program.prefix.isEmpty {
                    guard let found = find(program.prefix, from: position) else { break }
                    position = found
                }
            }
            if matched == nil, !program.isAnchored || position == 0 {
                for index in slots.indices { slots[index] = -1 }
                add(0, at: position, &slots, toFollowing: false)
            }
            let (scalar, length) = Self.decode(text, at: position)
            step(scalar, position + length, width, &matched)
            swap(&current, &following)
            following.removeAll()
            if length == 0 { break }
            position += length
        }
        return matched
    }

    /// Takes one scalar: every thread that can goes on to the next place. The first to match cuts off those after it.
    private mutating func step(_ scalar: UInt32?, _ next: Int, _ width: Int, _ matched: inout [Int]?) {
        var slots: [Int] = []
        for place in current.dense.indices {
            let instruction = program.instructions[Int(current.dense[place])]
            let goesOn: Bool
            switch instruction.operation {
            case .match:
                matched = Array(current.slots[(place * width)..<(place * width + width)])
                return
            case .scalar: goesOn = scalar == instruction.argument
            case .any: goesOn = scalar != nil
            case .anyButNewline: goesOn = scalar != nil && scalar != 0x0A
            case .set: goesOn = scalar.map { program.sets[Int(instruction.argument)].contains($0) } ?? false
            case .split, .save, .assertion, .jump: goesOn = false
            }
            guard goesOn else { continue }
            slots.removeAll(keepingCapacity: true)
            slots.append(contentsOf: current.slots[(place * width)..<(place * width + width)])
            add(instruction.next, at: next, &slots, toFollowing: true)
        }
    }

    /// Adds an instruction and all that it leads to without taking text, in order of priority.
    private mutating func add(_ instruction: Int32, at position: Int, _ slots: inout [Int], toFollowing: Bool) {
        stack.append(.visit(instruction))
        while let frame = stack.popLast() {
            switch frame {
            case .restore(let slot, let value): slots[slot] = value
            case .visit(let instruction):
                // Each thread has a place for its slots, so that places and slots go together.
                if toFollowing {
                    guard following.insert(instruction) else { continue }
                    following.slots.append(contentsOf: slots)
                } else {
                    guard current.insert(instruction) else { continue }
                    current.slots.append(contentsOf: slots)
                }
                visit(program.instructions[Int(instruction)], at: position, &slots)
            }
        }
    }

    private mutating func visit(_ instruction: RegexProgram.Instruction, at position: Int, _ slots: inout [Int]) {
        switch instruction.operation {
        case .split:
            stack.append(.visit(instruction.alternative))
            stack.append(.visit(instruction.next))
        case .jump: stack.append(.visit(instruction.next))
        case .save:
            let slot = Int(instruction.argument)
            stack.append(.restore(slot: slot, value: slots[slot]))
            slots[slot] = position
            stack.append(.visit(instruction.next))
        case .assertion:
            if let assertion = RegexAssertion(rawValue: UInt8(truncatingIfNeeded: instruction.argument)), holds(assertion, at: position) {
                stack.append(.visit(instruction.next))
            }
        case .scalar, .any, .anyButNewline, .set, .match: break
        }
    }

    private func holds(_ assertion: RegexAssertion, at position: Int) -> Bool {
        switch assertion {
        case .beginText: return position == 0
        case .endText: return position == text.count
        case .beginLine: return position == 0 || text[position - 1] == 0x0A
        case .endLine: return position == text.count || text[position] == 0x0A
        case .wordBoundary, .noWordBoundary:
            // \b knows ASCII words alone, so bytes will do.
            let before = position > 0 && Self.isWord(text[position - 1])
            let after = position < text.count && Self.isWord(text[position])
            return (before != after) == (assertion == .wordBoundary)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool { byte < 128 && RegexSet.word.contains(UInt32(byte)) }

    private func find(_ prefix: [UInt8], from start: Int) -> Int? {
        guard prefix.count <= text.count else { return nil }
        var position = start
        let last = text.count - prefix.count
        while position <= last {
            if text[position] == prefix[0], prefix.indices.allSatisfy({ text[position + $0] == prefix[$0] }) { return position }
            position += 1
        }
        return nil
    }

    /// The scalar at a place with its length in bytes; no scalar and 0 at the end.
    static func decode(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (UInt32?, Int) {
        guard position < text.count else { return (nil, 0) }
        let first = text[position]
        if first < 0x80 { return (UInt32(first), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, position + length <= text.count else { return (0xFFFD, 1) }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = text[position + offset]
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard scalar >= least, Unicode.Scalar(scalar) != nil else { return (0xFFFD, 1) }
        return (scalar, length)
    }
}
