/// Writes values as `sigs.k8s.io/yaml` prints them: the YAML of kustomize, of `kubectl -o yaml` and of Helm's `toYaml`.
///
/// Keys in natural order, sequences not indented, plain text folded past 80 columns, double quotes around text that would
/// read as something else, single quotes where plain text is not allowed, literal blocks for lines of text. The rules are
/// those of go-yaml v2's encoder (`encode.go`, `emitterc.go`), which writes what went through JSON before.
package struct YAMLEmitter: ~Copyable {
    /// What is written so far.
    package private(set) var bytes: [UInt8] = []

    /// The column past which a text is folded at its next space.
    static let widthBest = 80
    /// How much deeper each level stands.
    static let indentBest = 2
    /// Keys of more bytes stand behind a `?`.
    static let simpleKeyBytesMax = 128

    var column = 0
    /// Whether the last character was a space or a line's begin.
    var isAfterSpace = true
    /// Whether the line holds nothing yet but spaces, `-` and `?`.
    var isIndention = true
    /// Spare room for the order of keys, shared by all mappings on the way down.
    private var order: [Int] = []
    private var hasFlushed = false

    /// Whether text is folded past the width.
    let foldsText: Bool

    package init(capacity: Int = 0, foldsText: Bool = true) {
        self.foldsText = foldsText
        bytes.reserveCapacity(capacity)
    }

    /// One document, with a line end and without `---`.
    package static func kustomize(_ value: Value) -> [UInt8] {
        var emitter = YAMLEmitter()
        emitter.document(value)
        return emitter.take()
    }

    /// Several documents with `---` between them; nothing at all for none.
    package static func kustomize(_ values: some Sequence<Value>) -> [UInt8] {
        var emitter = YAMLEmitter()
        for value in values {
            emitter.separator()
            emitter.document(value)
        }
        return emitter.take()
    }

    /// Hands what is written so far over and goes on after it, so that a long text need not be in memory as a whole.
    package mutating func flush(_ write: ([UInt8]) throws -> Void) rethrows {
        guard !bytes.isEmpty else { return }
        try write(bytes)
        hasFlushed = true
        bytes.removeAll(keepingCapacity: true)
    }

    /// Ends the writing and hands over the text.
    package consuming func take() -> [UInt8] { bytes }

    /// Writes `---` unless nothing stands before it.
    package mutating func separator() {
        guard hasFlushed || !bytes.isEmpty else { return }
        bytes.append(contentsOf: [UInt8(ascii: "-"), UInt8(ascii: "-"), UInt8(ascii: "-"), UInt8(ascii: "\n")])
    }

    /// Writes one document with its line end.
    package mutating func document(_ value: Value) {
        column = 0
        isAfterSpace = true
        isIndention = true
        node(value, indent: -1, isInMapping: false)
        indent(to: 0)
    }

    // MARK: Structure

    private mutating func node(_ value: Value, indent: Int, isInMapping: Bool) {
        switch value {
        case .null: word("null")
        case .bool(let bool): word(bool ? "true" : "false")
        case .int(let int): integer(int)
        case .unsigned(let unsigned):
            space()
            for byte in String(unsigned).utf8 { append(byte) }
            wordEnded()
        case .double(let double): number(double)
        case .string(let string): text(string, indent: indent < 0 ? Self.indentBest : indent + Self.indentBest)
        case .array(let items):
            if items.isEmpty { return word("[]") }
            // Below a key the dashes stand in the column of the key.
            let isIndentless = isInMapping && !isIndention
            sequence(items, indent: isIndentless ? indent : deeper(indent))
        case .object(let object):
            if object.members.isEmpty { return word("{}") }
            mapping(object, indent: deeper(indent))
        }
    }

    private func deeper(_ indent: Int) -> Int { indent < 0 ? 0 : indent + Self.indentBest }

    private mutating func sequence(_ items: [Value], indent: Int) {
        for item in items {
            self.indent(to: indent)
            indicator(UInt8(ascii: "-"), keepsIndention: true)
            node(item, indent: indent, isInMapping: false)
        }
    }

    private mutating func mapping(_ object: Object, indent: Int) {
        let members = object.members
        if YAMLKeyOrder.isSorted(members) {
            for index in members.indices { member(members[index], indent: indent) }
            return
        }
        let start = order.count
        YAMLKeyOrder.appendOrder(of: members, to: &order)
        for place in start..<start + members.count { member(members[order[place]], indent: indent) }
        order.removeLast(members.count)
    }

    private mutating func member(_ member: Member, indent: Int) {
        self.indent(to: indent)
        if simpleKey(member.key) {
            append(UInt8(ascii: ":"))
            isAfterSpace = false
            isIndention = false
        } else {
            indicator(UInt8(ascii: "?"), keepsIndention: true)
            text(member.key, indent: indent + Self.indentBest)
            self.indent(to: indent)
            indicator(UInt8(ascii: ":"), keepsIndention: true)
        }
        node(member.value, indent: indent, isInMapping: true)
    }

    // MARK: Characters

    /// Begins a new line unless this one is still empty, and steps to the column.
    mutating func indent(to indent: Int) {
        if !isIndention || column > indent || (column == indent && !isAfterSpace) { lineBreak() }
        while column < indent { append(UInt8(ascii: " ")) }
        isAfterSpace = true
        isIndention = true
    }

    mutating func lineBreak() {
        bytes.append(UInt8(ascii: "\n"))
        column = 0
    }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
        column += 1
    }

    mutating func space() {
        if !isAfterSpace { append(UInt8(ascii: " ")) }
    }

    mutating func indicator(_ byte: UInt8, keepsIndention: Bool) {
        space()
        append(byte)
        isAfterSpace = false
        isIndention = isIndention && keepsIndention
    }

    /// Appends characters of one column each: ASCII.
    mutating func append(_ ascii: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: ascii)
        column += ascii.count
    }

    /// Appends a character of one or more bytes, which takes one column.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>, from index: Int, count: Int) {
        for offset in 0..<count { bytes.append(text[index + offset]) }
        column += 1
    }

    mutating func wordEnded() {
        isAfterSpace = false
        isIndention = false
    }

    private mutating func word(_ word: StaticString) {
        space()
        append(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        wordEnded()
    }

    // MARK: Numbers

    private mutating func integer(_ int: Int64) {
        space()
        if int >= 0, int < 10 {
            append(UInt8(ascii: "0") + UInt8(int))
        } else {
            for byte in String(int).utf8 { append(byte) }
        }
        wordEnded()
    }

    private mutating func number(_ double: Double) {
        space()
        for byte in numberText(double).utf8 { append(byte) }
        wordEnded()
    }

    /// The number as it comes out of JSON's form read as YAML: whole numbers below 2^64 are integers.
    private mutating func numberText(_ double: Double) -> String {
        guard double.isFinite else {
            // kustomize and Helm refuse such values; who prints asks for them before (`hasNonFiniteNumber`).
            return double.isNaN ? ".nan" : double < 0 ? "-.inf" : ".inf"
        }
        guard double != 0 else { return "0" }
        let json = NumberText.json(double)
        if Int64(json) != nil || UInt64(json) != nil { return json }
        return NumberText.general(double)
    }
}
