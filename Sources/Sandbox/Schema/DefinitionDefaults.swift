import Manifests

/// Defaults of CustomResourceDefinitions.
enum DefinitionDefaults {
    static let apply: BuiltInDefaults.Rule = { object in
        object.edit("spec") { spec in
            spec.setDefault("conversion", ["strategy": "None"])
            spec.edit("conversion") { conversion in
                conversion.setDefault("strategy", "None")
                conversion.edit("webhook") { $0.edit("clientConfig") { $0.edit("service") { $0.setDefault("port", 443) } } }
            }
            spec.edit("names") { names in
                let kind = names["kind"]?.string ?? ""
                names.setDefault("singular", .string(kind.lowercased()))
                names.setDefault("listKind", .string(kind + "List"))
            }
        }
    }
}
