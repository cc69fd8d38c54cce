internal import Manifests

/// `toYaml`, `fromYaml` and their kin (pkg/engine/funcs.go, sprig's defaults.go).
enum DataFunctions {
    static let functions: [GoFunction] = [
        // What cannot be written gives an empty text, and in the `must` forms an error.
        GoFunction("toYaml", [.any]) { _, values in (try? yaml(values[0])) ?? .string("") },
        GoFunction("mustToYaml", [.any]) { _, values in try yaml(values[0]) },
        GoFunction("toYamlPretty", [.any]) { _, values in (try? prettyYAML(values[0])) ?? .string("") },
        GoFunction("fromYaml", [.string]) { _, values in fromYAML(values[0].argumentBytes) },
        GoFunction("fromYamlArray", [.string]) { _, values in fromYAMLArray(values[0].argumentBytes) },
        GoFunction("toJson", [.any]) { _, values in .text((try? JSONText.encode(values[0])) ?? []) },
        GoFunction("mustToJson", [.any]) { _, values in .text(try JSONText.encode(values[0])) },
        GoFunction("toPrettyJson", [.any]) { _, values in .text((try? JSONText.encode(values[0], indent: true)) ?? []) },
        GoFunction("mustToPrettyJson", [.any]) { _, values in .text(try JSONText.encode(values[0], indent: true)) },
        GoFunction("toRawJson", [.any]) { _, values in .text(try JSONText.encode(values[0], escapesHTML: false)) },
        GoFunction("mustToRawJson", [.any]) { _, values in .text(try JSONText.encode(values[0], escapesHTML: false)) },
        GoFunction("fromJson", [.string]) { _, values in fromJSON(values[0].argumentBytes) },
        GoFunction("fromJsonArray", [.string]) { _, values in fromJSONArray(values[0].argumentBytes) },
        GoFunction("mustFromJson", [.string]) { _, values in .init(try JSONText.parse(values[0].argumentBytes)) },
        GoFunction("toToml", [.any]) { _, values in
            if values[0].isPlainNil { throw GoError("reflect: call of reflect.Value.Type on zero Value") }
            do { return .text(try TOMLWriter.write(values[0])) } catch { return .string("\(error)") }
        },
        GoFunction("mustToToml", [.any]) { _, values in .text(try TOMLWriter.write(values[0])) },
        GoFunction("fromToml", [.string]) { _, values in
            do { return .map(try TOMLReader.read(values[0].argumentText)) } catch { return failure("\(error)") }
        },
    ]

    static func yaml(_ value: GoValue) throws -> GoValue {
        var bytes = YAMLEmitter.kustomize(try value.manifestValue())
        if bytes.last == 0x0A { bytes.removeLast() }
        return .text(bytes)
    }

    /// Like `toYaml`, with sequences indented below their keys.
    private static func prettyYAML(_ value: GoValue) throws -> GoValue {
        .text(try PrettyYAML.write(value))
    }

    private static func failure(_ message: String) -> GoValue { .map(GoMap(unsorted: [.init(key: "Error", value: .string(message))])) }

    private static func fromYAML(_ bytes: [UInt8]) -> GoValue {
        do {
            let value = try YAMLText.first(bytes)
            if let number = YAMLText.nonFinite(value) {
                let message = "error converting YAML to JSON: json: unsupported value: \(number)"
                return failure(message)
            }
            switch value {
            case .null: return .map(GoMap())
            case .object: return GoValue(value)
            default:
                return failure(
                    "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal \(JSONText.kind(value)) into Go value of type map[string]interface {}"
                )
            }
        } catch {
            return failure("error converting YAML to JSON: \(GoYAMLError.text(error))")
        }
    }

    private static func fromYAMLArray(_ bytes: [UInt8]) -> GoValue {
        do {
            let value = try YAMLText.first(bytes)
            if let number = YAMLText.nonFinite(value) {
                let message = "error converting YAML to JSON: json: unsupported value: \(number)"
                return .list([.string(message)])
            }
            switch value {
            case .null: return .list([])
            case .array: return GoValue(value)
            default:
                return .list([
                    .string(
                        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal \(JSONText.kind(value)) into Go value of type []interface {}"
                    )
                ])
            }
        } catch {
            return .list([.string("error converting YAML to JSON: \(GoYAMLError.text(error))")])
        }
    }

    private static func fromJSON(_ bytes: [UInt8]) -> GoValue {
        do {
            let value = try JSONText.parse(bytes)
            switch value {
            case .null: return .map(GoMap())
            case .object: return GoValue(value)
            default: return failure("json: cannot unmarshal \(JSONText.kind(value)) into Go value of type map[string]interface {}")
            }
        } catch {
            return failure("\(error)")
        }
    }

    private static func fromJSONArray(_ bytes: [UInt8]) -> GoValue {
        do {
            let value = try JSONText.parse(bytes)
            switch value {
            case .null: return .list([])
            case .array: return GoValue(value)
            default: return .list([.string("json: cannot unmarshal \(JSONText.kind(value)) into Go value of type []interface {}")])
            }
        } catch {
            return .list([.string("\(error)")])
        }
    }
}
