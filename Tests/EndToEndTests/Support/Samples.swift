/// Manifests that many tests use.
enum Samples {
    static func configMap(_ name: String, _ key: String = "color", _ value: String = "red", annotations: [String: String] = [:]) -> String {
        var text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \(name)\n"
        if !annotations.isEmpty {
            text += "  annotations:\n" + annotations.sorted { $0.key < $1.key }.map { "    \($0.key): \"\($0.value)\"\n" }.joined()
        }
        return text + "data:\n  \(key): \"\(value)\"\n"
    }

    static func namespace(_ name: String) -> String { "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: \(name)\n" }

    static func secret(_ name: String, _ password: String) -> String {
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: \(name)\nstringData:\n  password: \"\(password)\"\n"
    }

    /// A Service, which several tests give a port that no server takes.
    static func service(_ name: String, port: Int = 80) -> String {
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: \(name)\nspec:\n  selector: {app: \(name)}\n  ports:\n    - port: \(port)\n"
    }

    static func deployment(_ name: String, image: String = "registry.example/web:1.0") -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: \(name)
        spec:
          replicas: 2
          selector:
            matchLabels: {app: \(name)}
          template:
            metadata:
              labels: {app: \(name)}
            spec:
              containers:
                - name: web
                  image: \(image)

        """
    }

    static func definition(group: String) -> String {
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: widgets.\(group)
        spec:
          group: \(group)
          names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
          scope: Namespaced
          versions:
            - name: v1
              served: true
              storage: true
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec:
                      type: object
                      properties:
                        size: {type: integer}

        """
    }
}
