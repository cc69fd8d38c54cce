import Manifests
import Schemas
import Testing

@Suite struct SchemaCheckTests {
    private let definition: Value = [
        "spec": [
            "versions": [
                [
                    "name": "v1",
                    "schema": [
                        "openAPIV3Schema": [
                            "type": "object",
                            "properties": [
                                "spec": [
                                    "type": "object", "required": ["size", "mode"],
                                    "properties": [
                                        "size": ["type": "integer", "minimum": 1, "maximum": 9],
                                        "mode": ["type": "string", "enum": ["a", "b"], "default": "a"],
                                        "name": ["type": "string", "pattern": "^[a-z]+$", "maxLength": 4],
                                        "cpu": ["x-kubernetes-int-or-string": true, "anyOf": [["type": "integer"], ["type": "string"]]],
                                        "list": ["type": "array", "minItems": 1, "items": ["type": "number"]],
                                        "map": ["type": "object", "additionalProperties": ["type": "boolean"]],
                                        "open": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
                                    ],
                                ]
                            ],
                        ]
                    ],
                ]
            ]
        ]
    ]

    private func faults(_ spec: Value) throws -> [String] {
        let check = try #require(SchemaCheck(definition: definition, version: "v1"))
        return check.faults(of: ["apiVersion": "x/v1", "kind": "X", "metadata": ["name": "a"], "spec": spec, "status": ["b": 1]])
            .map { "\($0.field) \($0.message)" }
    }

    @Test func whatIsValidHasNoFault() throws {
        #expect(
            try faults([
                "size": 3, "mode": "b", "name": "abc", "cpu": "1", "list": [1, 2.5], "map": ["a": true], "open": ["any": ["thing": 1]],
            ]) == [])
        #expect(try faults(["size": 3.0, "cpu": 1, "name": nil]) == [], "a null is no field; what has a default may be missing")
    }

    static let wrong: [(Value, String)] = [
        (["size": "3"], "spec.size must be a whole number, and this is a string"), (["size": 0], "spec.size must not be less than 1"),
        (["size": 10], "spec.size must not be more than 9"), ([:], "spec.size is required"),
        (["size": 1, "mode": "c"], "spec.mode must be one of a, b"), (["size": 1, "name": "A"], "spec.name must match '^[a-z]+$'"),
        (["size": 1, "name": "abcde"], "spec.name must have at most 4 characters"),
        (["size": 1, "list": []], "spec.list must have at least 1 items"),
        (["size": 1, "list": [1, "x"]], "spec.list[1] must be a number, and this is a string"),
        (["size": 1, "map": ["a.b": 1]], "spec.map[\"a.b\"] must be true or false, and this is an integer"),
        (["size": 1, "sizes": 2], "spec.sizes is no field of this kind; did you mean 'size'?"),
        (["size": 1, "cpu": true], "spec.cpu must be a whole number or text, and this is a boolean"),
    ]

    @Test(arguments: wrong) func whatIsWrongIsNamed(spec: Value, text: String) throws {
        #expect(try faults(spec) == [text])
    }

    @Test func builtInKindsAreKnown() throws {
        let check = try #require(SchemaCheck(builtIn: GroupVersionKind(group: "rbac.authorization.k8s.io", version: "v1", kind: "Role")))
        #expect(
            check.faults(of: ["metadata": ["name": "a", "labels": ["b": 1]]]).map(\.field) == ["metadata.labels.b"], "rules may be missing")
        #expect(SchemaCheck(builtIn: GroupVersionKind(group: "", version: "v2", kind: "Pod")) == nil)
        #expect(SchemaCheck(definition: definition, version: "v2") == nil)
    }
}
