internal import Manifests

/// `values.schema.json` of a chart and of the charts below it (pkg/chart/common/util/jsonschema.go).
enum ValuesSchema {
    /// - Throws: `GoError` with everything that does not fit.
    static func check(_ tree: ChartTree, _ values: GoMap) throws {
        let faults = try faults(tree, values)
        guard faults.isEmpty else {
            throw GoError("values don't meet the specifications of the schema(s) in the following chart(s):\n\(faults)")
        }
    }

    private static func faults(_ tree: ChartTree, _ values: GoMap) throws -> String {
        var text = ""
        if let bytes = tree.chart.schema, let fault = try fault(bytes, values) { text += "\(tree.name):\n\(fault)" }
        for subchart in tree.dependencies {
            switch values[subchart.name] {
            case nil, .null?: continue
            case .map(let table)?: text += try faults(subchart, table)
            case let other?: text += "\(subchart.name):\ninvalid type for values: expected object (map), got \(other.typeName)\n"
            }
        }
        return text
    }

    private static func fault(_ bytes: [UInt8], _ values: GoMap) throws -> String? {
        let document: Value
        do {
            document = try JSONText.parse(bytes)
        } catch {
            return "\(error)"
        }
        let faults: [SchemaFault]
        do {
            faults = try JSONSchema(document).validate(try GoValue.map(values).manifestValue())
        } catch let error as GoError {
            return error.message
        }
        if faults.isEmpty { return nil }
        return faults.map { $0.text(indent: 1) }.joined(separator: "\n") + "\n"
    }
}
