/// Makes a program out of a parsed expression (Thompson's construction, as in regexp/syntax/compile.go).
struct RegexCompiler {
    /// How many instructions a program may have: counted repetitions multiply what stands in them.
    static let instructionsMax = 200_000

    private var program = RegexProgram()
    private let pattern: String

    static func compile(_ node: RegexNode, captures: Int, pattern: String) throws(GoRegexError) -> RegexProgram {
        var compiler = RegexCompiler(pattern: pattern)
        compiler.program.slotCount = captures * 2
        try compiler.emit(.capture(0, node))
        try compiler.append(.match)
        compiler.program.prefix = prefix(of: node)
        compiler.program.isAnchored = isAnchored(node)
        return compiler.program
    }

    private init(pattern: String) {
        self.pattern = pattern
    }

    private var here: Int32 { Int32(program.instructions.count) }

    /// Appends an instruction that goes on with the one after it.
    @discardableResult
    private mutating func append(_ operation: RegexProgram.Operation, _ argument: UInt32 = 0) throws(GoRegexError) -> Int {
        guard program.instructions.count < Self.instructionsMax else { throw GoRegexError(.tooLarge, pattern) }
        program.instructions.append(.init(operation: operation, argument: argument, next: here + 1))
        return program.instructions.count - 1
    }

    private mutating func emit(_ node: RegexNode) throws(GoRegexError) {
        switch node {
        case .empty: break
        case .literal(let scalar): try append(.scalar, scalar)
        case .any(let matchesNewline): try append(matchesNewline ? .any : .anyButNewline)
        case .set(let set):
            program.sets.append(set)
            try append(.set, UInt32(program.sets.count - 1))
        case .assertion(let assertion): try append(.assertion, UInt32(assertion.rawValue))
        case .capture(let index, let inner):
            try append(.save, UInt32(index * 2))
            try emit(inner)
            try append(.save, UInt32(index * 2 + 1))
        case .concatenation(let nodes): for node in nodes { try emit(node) }
        case .alternation(let nodes): try emitAlternation(nodes)
        case .optional(let inner, let isGreedy): try emitOptional(isGreedy) { (compiler) throws(GoRegexError) in try compiler.emit(inner) }
        case .plus(let inner, let isGreedy): try emitPlus(inner, isGreedy)
        case .star(let inner, let isGreedy):
            if Self.isNullable(inner) {
                // (x+)? gives the right priorities where x can be empty.
                try emitOptional(isGreedy) { (compiler) throws(GoRegexError) in try compiler.emitPlus(inner, isGreedy) }
            } else {
                try emitLoop(inner, isGreedy)
            }
        case .repetition(let inner, let minimum, let maximum, let isGreedy):
            try emitRepetition(inner, minimum, maximum, isGreedy)
        }
    }

    private mutating func emitAlternation(_ nodes: [RegexNode]) throws(GoRegexError) {
        var ends: [Int] = []
        for (index, node) in nodes.enumerated() {
            guard index < nodes.count - 1 else {
                try emit(node)
                break
            }
            let split = try append(.split)
            try emit(node)
            ends.append(try append(.jump))
            program.instructions[split].alternative = here
        }
        for end in ends { program.instructions[end].next = here }
    }

    private mutating func emitOptional(
        _ isGreedy: Bool, _ inner: (inout RegexCompiler) throws(GoRegexError) -> Void
    ) throws(GoRegexError) {
        let split = try append(.split)
        try inner(&self)
        patch(split, inside: Int32(split + 1), after: here, isGreedy)
    }

    private mutating func emitPlus(_ inner: RegexNode, _ isGreedy: Bool) throws(GoRegexError) {
        let start = here
        try emit(inner)
        let split = try append(.split)
        patch(split, inside: start, after: here, isGreedy)
    }

    private mutating func emitLoop(_ inner: RegexNode, _ isGreedy: Bool) throws(GoRegexError) {
        let split = try append(.split)
        try emit(inner)
        let jump = try append(.jump)
        program.instructions[jump].next = Int32(split)
        patch(split, inside: Int32(split + 1), after: here, isGreedy)
    }

    private mutating func emitRepetition(
        _ inner: RegexNode, _ minimum: Int, _ maximum: Int?, _ isGreedy: Bool
    ) throws(GoRegexError) {
        guard let maximum else {
            if minimum == 0 { return try emit(.star(inner, isGreedy: isGreedy)) }
            for _ in 1..<minimum { try emit(inner) }
            return try emit(.plus(inner, isGreedy: isGreedy))
        }
        for _ in 0..<minimum { try emit(inner) }
        // x{2,5} = xx(x(x(x)?)?)?
        var splits: [Int] = []
        for _ in minimum..<maximum {
            splits.append(try append(.split))
            try emit(inner)
        }
        for split in splits { patch(split, inside: Int32(split + 1), after: here, isGreedy) }
    }

    private mutating func patch(_ split: Int, inside: Int32, after: Int32, _ isGreedy: Bool) {
        program.instructions[split].next = isGreedy ? inside : after
        program.instructions[split].alternative = isGreedy ? after : inside
    }

    // MARK: What is known of a node

    private static func isNullable(_ node: RegexNode) -> Bool {
        switch node {
        case .empty, .assertion, .star, .optional: true
        case .literal, .any, .set: false
        case .capture(_, let inner), .plus(let inner, _): isNullable(inner)
        case .repetition(let inner, let minimum, _, _): minimum == 0 || isNullable(inner)
        case .concatenation(let nodes): nodes.allSatisfy(isNullable)
        case .alternation(let nodes): nodes.contains(where: isNullable)
        }
    }

    private static func isAnchored(_ node: RegexNode) -> Bool {
        switch node {
        case .assertion(.beginText): true
        case .capture(_, let inner): isAnchored(inner)
        case .concatenation(let nodes): nodes.first.map(isAnchored) ?? false
        case .alternation(let nodes): nodes.allSatisfy(isAnchored)
        case .empty, .literal, .any, .set, .assertion, .star, .plus, .optional, .repetition: false
        }
    }

    private static func prefix(of node: RegexNode) -> [UInt8] {
        switch node {
        case .literal(let scalar): return utf8(scalar)
        case .concatenation(let nodes):
            var bytes: [UInt8] = []
            for node in nodes {
                guard case .literal(let scalar) = node else { break }
                let encoded = utf8(scalar)
                if encoded.isEmpty { break }
                bytes += encoded
            }
            return bytes
        case .empty, .any, .set, .assertion, .capture, .star, .plus, .optional, .repetition, .alternation: return []
        }
    }

    private static func utf8(_ scalar: UInt32) -> [UInt8] {
        // U+FFFD also stands for bytes that are no UTF-8, so it is no prefix to look for.
        guard let scalar = Unicode.Scalar(scalar), scalar != "\u{FFFD}" else { return [] }
        return Array(String(Character(scalar)).utf8)
    }
}
