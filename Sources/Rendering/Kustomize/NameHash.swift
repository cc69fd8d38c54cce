import Crypto
import Manifests

/// The hash that generated ConfigMaps and Secrets carry at the end of their names.
enum NameHash {
    /// Appends the hash of the content to the names of what asks for it.
    static func apply(to map: inout ResourceMap) {
        guard map.resources.contains(where: \.needsHash) else { return }
        map.updateAll { resource in
            guard resource.needsHash else { return }
            let hash = hash(resource.value)
            resource.storePreviousID()
            resource.setName("\(resource.name)-\(hash)")
        }
    }

    /// Ten characters of a SHA-256, letters that could make words or be misread replaced (kubectl's `hash.go`).
    static func hash(_ value: Value) -> String {
        let digest = SHA256.hash(data: encoded(value))
        var text: [UInt8] = []
        let digits = Array("0123456789abcdef".utf8)
        for byte in digest.prefix(5) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "0"): text[index] = UInt8(ascii: "g")
            case UInt8(ascii: "1"): text[index] = UInt8(ascii: "h")
            case UInt8(ascii: "3"): text[index] = UInt8(ascii: "k")
            case UInt8(ascii: "a"): text[index] = UInt8(ascii: "m")
            case UInt8(ascii: "e"): text[index] = UInt8(ascii: "t")
            default: break
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The JSON that is hashed: kind, data and an empty name (kustomize looks for it in the wrong place, and must go on doing so).
    private static func encoded(_ value: Value) -> [UInt8] {
        let kind = value["kind"].map(ScalarText.text) ?? ""
        switch kind {
        case "ConfigMap":
            var object: Object = ["kind": "ConfigMap", "name": "", "data": field("data", of: value)]
            if case .object? = value["binaryData"] { object["binaryData"] = value["binaryData"] }
            return GoJSON.encode(.object(object))
        case "Secret":
            var object: Object = ["kind": "Secret", "name": "", "type": field("type", of: value), "data": field("data", of: value)]
            if case .object? = value["stringData"] { object["stringData"] = value["stringData"] }
            return GoJSON.encode(.object(object))
        default: return GoJSON.encode(value)
        }
    }

    private static func field(_ key: String, of value: Value) -> Value {
        guard let field = value[key] else { return "" }
        return ScalarText.isScalar(field) ? .string(field.isNull ? "null" : ScalarText.text(field)) : field
    }
}
