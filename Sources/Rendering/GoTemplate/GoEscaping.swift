/// The escaping functions of `text/template`.
enum GoEscaping {
    static func html(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            switch byte {
            case 0: result.append(contentsOf: "\u{FFFD}".utf8)
            case UInt8(ascii: "\""): result.append(contentsOf: "&#34;".utf8)
            case UInt8(ascii: "'"): result.append(contentsOf: "&#39;".utf8)
            case UInt8(ascii: "&"): result.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): result.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): result.append(contentsOf: "&gt;".utf8)
            default: result.append(byte)
            }
        }
        return result
    }

    static func javaScript(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: "\\\\".utf8)
            case "'": result.append(contentsOf: "\\'".utf8)
            case "\"": result.append(contentsOf: "\\\"".utf8)
            case "<": result.append(contentsOf: "\\u003C".utf8)
            case ">": result.append(contentsOf: "\\u003E".utf8)
            case "&": result.append(contentsOf: "\\u0026".utf8)
            case "=": result.append(contentsOf: "\\u003D".utf8)
            case _ where scalar.value < 0x20:
                result.append(contentsOf: "\\u\(GoQuote.hex(scalar.value, 4).uppercased())".utf8)
            case _ where scalar.value < 0x80 || GoQuote.isPrintable(scalar.value):
                result.append(contentsOf: String(Character(scalar)).utf8)
            default: result.append(contentsOf: "\\u\(GoQuote.hex(scalar.value, 4).uppercased())".utf8)
            }
        }
        return result
    }

    /// `url.QueryEscape`: a space is a plus.
    static func query(_ bytes: [UInt8]) -> [UInt8] {
        percent(bytes, spaceAsPlus: true) { _ in false }
    }

    /// Percent-encoding of all but letters, digits, `-_.~` and what `keeps` says.
    static func percent(_ bytes: [UInt8], spaceAsPlus: Bool = false, keeps: (UInt8) -> Bool) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
                result.append(byte)
            case 0x20 where spaceAsPlus: result.append(UInt8(ascii: "+"))
            case _ where keeps(byte): result.append(byte)
            default:
                result.append(UInt8(ascii: "%"))
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return result
    }
}
