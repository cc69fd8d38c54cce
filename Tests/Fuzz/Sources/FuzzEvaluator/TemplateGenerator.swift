import Rendering

/// Makes a template that parses out of any bytes: each byte is a choice. So every input gets to the evaluator and to the
/// functions, which hardly any random text does.
struct TemplateGenerator {
    private let bytes: [UInt8]
    private var place = 0
    private var text = ""
    private var depth = 0
    private var rangeDepth = 0

    private static let depthMax = 8

    /// Keys and passwords take too long for a fuzzer, and what they take in is checked by hand.
    private static let slow: Set<String> = [
        "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey", "genPrivateKey",
        "derivePassword", "bcrypt", "htpasswd",
    ]
    private static let functions = HelmFunctions.all.keys.filter { !slow.contains($0) }.sorted()
    private static let fields = [
        ".Values", ".Values.a", ".Values.a.b", ".Values.l", ".Values.s", ".Values.t", ".Values.f", ".Values.n", ".Values.y", ".Values.j",
        ".Values.big", ".Values.none", ".Release", ".Chart", ".Chart.Version", ".Capabilities", ".Capabilities.APIVersions", ".Files",
        ".Capabilities.KubeVersion", ".Template.Name", ".", "$", "$x", "$y", "$x.a", ".Values.c", ".Values.time",
    ]
    private static let literals = [
        "0", "1", "-1", "2", "10", "3.5", "1e3", "0x1F", "'x'", "true", "false", "\"\"", "\"a\"", "\"a,b,c\"", "\"%v\"",
        "\"%s %d %5.2f %q %x\"",
        "\"%#v %T %+d %-10s|\"", "\"^a+(b|c)*$\"", "\"[a-z]{1,3}\"", "\"(?i)(?P<n>x)|y\"", "\"1.2.3\"", "\">=1.2, <2 || ~3.1\"",
        "\"2006-01-02T15:04:05Z07:00\"",
        "\"Monday, 02-Jan-06 15:04:05 MST\"", "\"a: {b: [1, 2.5, null]}\"", "\"- x\"", "\"{\\\"a\\\": [1]}\"",
        "\"a = 1\\n[b]\\nc = [1, 2]\"", "\"{{ .Values.s }}\"",
        "\"{{ tpl .Values.y . }}\"", "\"h\"", "\"again\"", "\"https://u:p@host:80/p?q=1#f\"", "\"é\\xff\\u00e9\\n\"", "9223372036854775807",
        "1000000", "\"b\"",
        "\"$1${n}\"", "\"UTC\"", "\"1h30m\"", "`raw`", "1.5i", "nil",
    ]

    static func template(_ bytes: [UInt8]) -> String {
        var generator = TemplateGenerator(bytes: bytes)
        generator.text = "{{ $x := .Values.a }}{{ $y := list 1 \"a\" }}"
        generator.statements()
        return generator.text
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var isAtEnd: Bool { place >= bytes.count }

    private mutating func choice(_ count: Int) -> Int {
        guard place < bytes.count else { return 0 }
        defer { place += 1 }
        guard count > 256 else { return Int(bytes[place]) % count }
        let low = place + 1 < bytes.count ? Int(bytes[place + 1]) : 0
        place += 1
        return (Int(bytes[place - 1]) << 8 | low) % count
    }

    private mutating func statements() {
        depth += 1
        defer { depth -= 1 }
        repeat { statement() } while !isAtEnd && choice(4) != 0
    }

    private mutating func statement() {
        let isDeep = depth >= Self.depthMax
        switch isDeep ? choice(4) : choice(14) {
        case 0: text += "text\n"
        case 1, 2, 4, 5, 6:
            action("")
        case 3:
            text += "{{- $x = "
            pipeline()
            text += " -}}"
        case 7: block("if ")
        case 8: block("with ")
        case 9:
            rangeDepth += 1
            block(["range ", "range $x = ", "range $i, $x := "][choice(3)])
            rangeDepth -= 1
        case 10: text += rangeDepth > 0 ? ["{{ break }}", "{{ continue }}"][choice(2)] : "{{ template \"h\" . }}"
        case 11: action("include \"h\" ")
        case 12: text += "{{/* comment */ -}}"
        default:
            text += "{{ $y := "
            pipeline()
            text += " }}"
        }
    }

    private mutating func action(_ start: String) {
        text += "{{ " + start
        if start.isEmpty { pipeline() } else { operand() }
        text += " }}"
    }

    private mutating func block(_ head: String) {
        text += "{{ " + head
        pipeline()
        text += " }}"
        statements()
        if choice(3) == 0 {
            text += "{{ else }}"
            statements()
        }
        text += "{{ end }}"
    }

    private mutating func pipeline() {
        command()
        var stages = 0
        while stages < 3, choice(3) == 1 {
            text += " | "
            call(leavesOut: 1)
            stages += 1
        }
    }

    private mutating func command() {
        if choice(3) == 0 { operand(orNil: false) } else { call(leavesOut: 0) }
    }

    /// A function with mostly as many arguments as it takes.
    private mutating func call(leavesOut: Int) {
        let name = Self.functions[choice(Self.functions.count)]
        text += name
        guard let function = HelmFunctions.all[name] else { return }
        var count = function.parameters.count - leavesOut
        if function.variadic != nil { count += choice(4) }
        if choice(16) == 15 { count += 1 }
        for _ in 0..<max(count, 0) {
            text += " "
            operand()
        }
    }

    private mutating func operand(orNil: Bool = true) {
        depth += 1
        defer { depth -= 1 }
        switch depth > Self.depthMax ? choice(2) : choice(3) {
        case 0: text += Self.fields[choice(Self.fields.count)]
        case 1: text += Self.literals[choice(orNil ? Self.literals.count : Self.literals.count - 1)]
        default:
            text += "("
            pipeline()
            text += ")"
        }
    }
}
