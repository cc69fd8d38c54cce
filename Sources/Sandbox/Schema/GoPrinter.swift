import Manifests

/// A pod template as the server prints it inside an error message: Go's own names of the fields, all of them.
enum GoPrinter {
    /// The fields of the server's internal types in their order; what is missing is printed as its zero value.
    private static let spec = """
        Volumes:n InitContainers:n Containers:n EphemeralContainers:n RestartPolicy:s TerminationGracePeriodSeconds:n \
        ActiveDeadlineSeconds:n DNSPolicy:s NodeSelector:n ServiceAccountName:s AutomountServiceAccountToken:n NodeName:s \
        SecurityContext:n ImagePullSecrets:n Hostname:s Subdomain:s SetHostnameAsFQDN:n Affinity:n SchedulerName:s \
        Tolerations:n HostAliases:n PriorityClassName:s Priority:n PreemptionPolicy:n DNSConfig:n ReadinessGates:n \
        RuntimeClassName:n Overhead:n EnableServiceLinks:n TopologySpreadConstraints:n OS:n SchedulingGates:n \
        ResourceClaims:n Resources:n HostnameOverride:n SchedulingGroup:n
        """
    private static let container = """
        Name:s Image:s Command:n Args:n WorkingDir:s Ports:n EnvFrom:n Env:n Resources:n ResizePolicy:n RestartPolicy:n \
        RestartPolicyRules:n VolumeMounts:n VolumeDevices:n LivenessProbe:n ReadinessProbe:n StartupProbe:n Lifecycle:n \
        TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s SecurityContext:n Stdin:b StdinOnce:b TTY:b
        """
    private static let securityContext = """
        HostNetwork:b HostPID:b HostIPC:b ShareProcessNamespace:n HostUsers:n SELinuxOptions:n WindowsOptions:n RunAsUser:n \
        RunAsGroup:n RunAsNonRoot:n SupplementalGroups:n SupplementalGroupsPolicy:n FSGroup:n FSGroupChangePolicy:n Sysctls:n \
        SeccompProfile:n AppArmorProfile:n SELinuxChangePolicy:n
        """
    /// Names whose JSON form is not the Go name with a small first letter.
    private static let jsonNames = [
        "DNSPolicy": "dnsPolicy", "DNSConfig": "dnsConfig", "OS": "os", "SELinuxOptions": "seLinuxOptions",
        "FSGroup": "fsGroup", "FSGroupChangePolicy": "fsGroupChangePolicy", "SELinuxChangePolicy": "seLinuxChangePolicy",
        "TTY": "tty", "HostPID": "hostPID", "HostIPC": "hostIPC",
    ]

    static func podTemplate(_ template: Value) -> String {
        var metadata = template["metadata"]?.object ?? Object()
        metadata.members.removeAll { TypeBuilder.isZero($0.value) }
        var head = text(.object(metadata))
        head.removeFirst()
        head.removeLast()
        let body = print(template["spec"] ?? .null, spec) { name, value in
            switch name {
            case "InitContainers", "Containers", "EphemeralContainers":
                guard case .array(let items)? = value, !items.isEmpty else { return nil }
                return "[\(items.map(containerText).joined(separator: ","))]"
            case "SecurityContext":
                return print(merged(value, template["spec"]), securityContext) { _, _ in nil }
            default: return nil
            }
        }
        return "{\(head.isEmpty ? "" : head + ",")\"Spec\":\(body)}"
    }

    /// The internal type keeps the pod's host flags in its security context.
    private static func merged(_ context: Value?, _ spec: Value?) -> Value {
        var context = context?.object ?? Object()
        for key in ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"] { context[key] = spec?[key] }
        return .object(context)
    }

    private static func containerText(_ value: Value) -> String {
        print(value, container) { name, value in
            guard name == "Resources" else { return nil }
            return print(value ?? .null, "Limits:n Requests:n Claims:n") { _, _ in nil }
        }
    }

    private static func print(_ value: Value, _ fields: String, special: (String, Value?) -> String?) -> String {
        let parts = fields.split(separator: " ").map { field -> String in
            let halves = field.split(separator: ":")
            let name = String(halves[0])
            let json = jsonNames[name] ?? name.prefix(1).lowercased() + name.dropFirst()
            let member = value[json]
            let text = special(name, member) ?? member.map(self.text) ?? zero(halves.last)
            return "\"\(name)\":\(text)"
        }
        return "{\(parts.joined(separator: ","))}"
    }

    private static func zero(_ kind: Substring?) -> String {
        switch kind {
        case "s": "\"\""
        case "b": "false"
        default: "null"
        }
    }

    private static func text(_ value: Value) -> String { String(decoding: JSONWriter.canonical(value), as: UTF8.self) }
}
