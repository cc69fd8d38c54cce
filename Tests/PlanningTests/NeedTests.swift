import Manifests
import Testing

@testable import Planning

/// What objects need of others: stated, by kapp's rules, and by what they refer to.
@Suite struct NeedTests {
    private func object(_ text: String) throws -> Value {
        try #require(YAMLLoader.load(Array(text.utf8), file: "a.yaml").first).value
    }

    private func manifest(_ text: String) throws -> Manifest {
        Manifest(value: try object(text), source: SourcePosition(file: "a.yaml", line: 1))
    }

    private func annotated(_ annotation: String, _ text: String) throws -> Manifest {
        try manifest("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, annotations: {\(annotation): \"\(text)\"}}}")
    }

    @Test(arguments: [
        ("config.kubernetes.io/depends-on", "apps/namespaces/shop/Deployment/web", "apps/Deployment/shop/web"),
        ("config.kubernetes.io/depends-on", "/Namespace/shop", "Namespace/shop"),
        ("config.kubernetes.io/depends-on", "/namespaces/shop/Secret/s", "Secret/shop/s"),
        ("plumb.dev/depends-on", "apps/Deployment/shop/web", "apps/Deployment/shop/web"),
        ("plumb.dev/depends-on", "ConfigMap/shop/settings", "ConfigMap/shop/settings"),
        ("plumb.dev/depends-on", "Namespace/shop", "Namespace/shop"),
        ("plumb.dev/depends-on", "apps/namespaces/shop/Deployment/web", "apps/Deployment/shop/web"),
    ])
    func statedDependenciesAreRead(annotation: String, text: String, id: String) throws {
        #expect(try DependsOn.needs(of: annotated(annotation, " \(text) , ")).map(\.reference.id) == [id])
    }

    @Test(arguments: [("config.kubernetes.io/depends-on", "web"), ("plumb.dev/depends-on", "a/b"), ("plumb.dev/depends-on", "Pod//x")])
    func whatNamesNoObjectIsRefused(annotation: String, text: String) throws {
        let error = #expect(throws: Diagnostic.self) { try DependsOn.needs(of: annotated(annotation, text)) }
        #expect(error?.position?.line == 1)
    }

    @Test func fluxObjectsDependOnEachOther() throws {
        let needs = try DependsOn.needs(
            of: manifest(
                """
                apiVersion: kustomize.toolkit.fluxcd.io/v1
                kind: Kustomization
                metadata: {name: apps, namespace: flux-system}
                spec: {dependsOn: [{name: infra}, {name: base, namespace: other}]}
                """))
        #expect(needs.map(\.reference.namespace) == ["flux-system", "other"])
        #expect(needs.allSatisfy { $0.reason == .dependsOn })
    }

    // MARK: kapp

    private func subject(_ name: String, _ annotations: String, isDeletion: Bool = false, isIdle: Bool = false) throws
        -> ChangeRules.Subject
    {
        let object = try object("{apiVersion: v1, kind: ConfigMap, metadata: {name: \(name), annotations: {\(annotations)}}}")
        return ChangeRules.Subject(
            reference: ObjectReference(group: "", kind: "ConfigMap", namespace: "", name: name), object: object, isDeletion: isDeletion,
            isIdle: isIdle)
    }

    private func edges(_ subjects: ChangeRules.Subject...) throws -> [[Int]] {
        try ChangeRules.edges(subjects).map { $0.map(\.needed) }
    }

    @Test func aRuleFollowsAGroup() throws {
        let database = try subject("db", "kapp.k14s.io/change-group: db")
        let app = try subject("app", "kapp.k14s.io/change-rule.1: upsert after upserting db")
        #expect(try edges(database, app) == [[], [0]])
    }

    @Test func beforeTurnsTheEdgeAround() throws {
        let app = try subject("app", "kapp.k14s.io/change-group.a: apps")
        let migration = try subject("migration", "kapp.k14s.io/change-rule: upsert before upserting apps")
        #expect(try edges(app, migration) == [[1], []])
    }

    @Test func rulesHoldForTheirActionsAlone() throws {
        let gone = try subject("gone", "kapp.k14s.io/change-group: db", isDeletion: true)
        let idle = try subject("idle", "kapp.k14s.io/change-group: db", isIdle: true)
        let app = try subject(
            "app",
            "kapp.k14s.io/change-rule: upsert after upserting db, kapp.k14s.io/change-rule.2: delete after deleting db, "
                + "kapp.k14s.io/change-rule.3: upsert after deleting db")
        #expect(try edges(gone, idle, app) == [[], [], [0]])
    }

    @Test func placeholdersAndBuiltInGroups() throws {
        let a = try subject("a", "kapp.k14s.io/change-group: \"tenant-{name}\"")
        let b = try subject("b", "kapp.k14s.io/change-rule: upsert after upserting tenant-a")
        let c = try subject("c", "kapp.k14s.io/change-rule: upsert after upserting change-groups.kapp.k14s.io/pod-related")
        #expect(try edges(a, b, c) == [[], [0], [0, 1]])
    }

    @Test func aRuleThatIsNoneIsRefused() throws {
        let error = try #require(throws: Diagnostic.self) { try edges(subject("a", "kapp.k14s.io/change-rule: after db")) }
        #expect(error.message.contains("after db"))
    }

    // MARK: references

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var object: String
        /// Ids, apart by spaces.
        var needs: String
        var testDescription: String { name }
    }

    @Test(arguments: [
        Case(
            name: "pods of a deployment",
            object: """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {namespace: shop}
                spec:
                  template:
                    spec:
                      serviceAccountName: sa
                      priorityClassName: high
                      runtimeClassName: gvisor
                      imagePullSecrets: [{name: pull}]
                      volumes:
                        - {configMap: {name: v}}
                        - {secret: {secretName: s}}
                        - {persistentVolumeClaim: {claimName: data}}
                        - {projected: {sources: [{configMap: {name: p}}, {secret: {name: q}}]}}
                      initContainers: [{env: [{valueFrom: {secretKeyRef: {name: k}}}]}]
                      containers: [{envFrom: [{configMapRef: {name: e}}], env: [{valueFrom: {configMapKeyRef: {name: l}}}]}]
                """,
            needs: """
                ConfigMap/shop/e ConfigMap/shop/l ConfigMap/shop/p ConfigMap/shop/v PersistentVolumeClaim/shop/data Secret/shop/k \
                Secret/shop/pull Secret/shop/q Secret/shop/s ServiceAccount/shop/sa node.k8s.io/RuntimeClass/gvisor \
                scheduling.k8s.io/PriorityClass/high
                """),
        Case(
            name: "a cron job",
            object: """
                {apiVersion: batch/v1, kind: CronJob, metadata: {namespace: shop},
                 spec: {jobTemplate: {spec: {template: {spec: {serviceAccountName: sa, containers: []}}}}}}
                """, needs: "ServiceAccount/shop/sa"),
        Case(
            name: "a stateful set",
            object: """
                {apiVersion: apps/v1, kind: StatefulSet, metadata: {namespace: shop}, spec: {serviceName: db,
                 volumeClaimTemplates: [{spec: {storageClassName: fast}}], template: {spec: {containers: []}}}}
                """, needs: "Service/shop/db storage.k8s.io/StorageClass/fast"),
        Case(
            name: "whatever has a pod template",
            object: """
                {apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {namespace: shop},
                 spec: {template: {spec: {serviceAccountName: sa, containers: []}}}}
                """, needs: "ServiceAccount/shop/sa"),
        Case(
            name: "a binding",
            object: """
                {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {namespace: shop},
                 roleRef: {kind: Role, name: r}, subjects: [{kind: ServiceAccount, name: sa, namespace: other}, {kind: User, name: u}]}
                """, needs: "ServiceAccount/other/sa rbac.authorization.k8s.io/Role/shop/r"),
        Case(
            name: "a cluster role's binding",
            object: """
                {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {namespace: shop},
                 roleRef: {kind: ClusterRole, name: r}}
                """, needs: "rbac.authorization.k8s.io/ClusterRole/r"),
        Case(
            name: "an autoscaler",
            object: """
                {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {namespace: shop},
                 spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}
                """, needs: "apps/Deployment/shop/web"),
        Case(
            name: "KEDA's autoscaler",
            object: """
                {apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {namespace: shop}, spec: {scaleTargetRef: {name: web}}}
                """, needs: "apps/Deployment/shop/web"),
        Case(
            name: "an ingress",
            object: """
                {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: shop}, spec: {ingressClassName: nginx,
                 tls: [{secretName: t}], defaultBackend: {service: {name: d}},
                 rules: [{http: {paths: [{backend: {service: {name: w}}}, {backend: {resource: {apiGroup: k.example, kind: Bucket, name: b}}}]}}]}}
                """, needs: "Secret/shop/t Service/shop/d Service/shop/w k.example/Bucket/shop/b networking.k8s.io/IngressClass/nginx"),
        Case(
            name: "a route",
            object: """
                {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {namespace: shop},
                 spec: {parentRefs: [{name: g, namespace: infra}], rules: [{backendRefs: [{name: w}]}]}}
                """, needs: "Service/shop/w gateway.networking.k8s.io/Gateway/infra/g"),
        Case(
            name: "a gateway",
            object: """
                {apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {namespace: shop},
                 spec: {gatewayClassName: c, listeners: [{tls: {certificateRefs: [{name: t}]}}]}}
                """, needs: "Secret/shop/t gateway.networking.k8s.io/GatewayClass/c"),
        Case(
            name: "webhooks",
            object: """
                {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: w},
                 webhooks: [{clientConfig: {service: {name: hook, namespace: infra}}}, {clientConfig: {url: "https://x"}}]}
                """, needs: "Service/infra/hook"),
        Case(
            name: "a definition's conversion",
            object: """
                {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: w},
                 spec: {conversion: {webhook: {clientConfig: {service: {name: hook, namespace: infra}}}}}}
                """, needs: "Service/infra/hook"),
        Case(
            name: "an API service",
            object: """
                {apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.x},
                 spec: {service: {name: api, namespace: infra}}}
                """, needs: "Service/infra/api"),
        Case(
            name: "a policy's binding",
            object: """
                {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: b},
                 spec: {policyName: p}}
                """, needs: "admissionregistration.k8s.io/ValidatingAdmissionPolicy/p"),
        Case(
            name: "a volume claim",
            object: """
                {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: shop}, spec: {storageClassName: fast, volumeName: v,
                 dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: s}}}
                """, needs: "PersistentVolume/v snapshot.storage.k8s.io/VolumeSnapshot/shop/s storage.k8s.io/StorageClass/fast"),
        Case(
            name: "a token",
            object: """
                {apiVersion: v1, kind: Secret, metadata: {namespace: shop, annotations: {kubernetes.io/service-account.name: sa}}}
                """, needs: "ServiceAccount/shop/sa"),
        Case(
            name: "a release of Flux",
            object: """
                {apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {namespace: shop}, spec: {serviceAccountName: sa,
                 chart: {spec: {sourceRef: {kind: HelmRepository, name: r, namespace: flux-system}}}, valuesFrom: [{kind: Secret, name: v}]}}
                """, needs: "Secret/shop/v ServiceAccount/shop/sa source.toolkit.fluxcd.io/HelmRepository/flux-system/r"),
        Case(
            name: "a certificate",
            object: """
                {apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {namespace: shop},
                 spec: {issuerRef: {kind: ClusterIssuer, name: ca}}}
                """, needs: "cert-manager.io/ClusterIssuer/ca"),
        Case(name: "nothing", object: "{apiVersion: v1, kind: ConfigMap, metadata: {namespace: shop}}", needs: ""),
        Case(name: "what is no object", object: "{apiVersion: 1, kind: [], spec: {template: {spec: 3}}}", needs: ""),
    ])
    func referencesAreInferred(_ one: Case) throws {
        let found = InferredReferences.needs(of: try object(one.object)).map(\.reference.id)
        #expect(found.sorted() == one.needs.split(separator: " ").map(String.init))
    }

    @Test func aWebhookComesAfterThePodsThatAnswerIt() throws {
        let service = ObjectReference(group: "", kind: "Service", namespace: "infra", name: "hook")
        let workload = ObjectReference(group: "apps", kind: "Deployment", namespace: "infra", name: "hook")
        let other = ObjectReference(group: "apps", kind: "Deployment", namespace: "infra", name: "other")
        let webhook = ObjectReference(
            group: "admissionregistration.k8s.io", kind: "ValidatingWebhookConfiguration", namespace: "", name: "w")
        let backends = ServiceBackends([
            (service, ["spec": ["selector": ["app": "hook"]]]),
            (workload, ["spec": ["template": ["metadata": ["labels": ["app": "hook", "tier": "x"]]]]]),
            (other, ["spec": ["template": ["metadata": ["labels": ["app": "other"]]]]]),
        ])
        #expect(backends.needs(of: webhook, calling: [Need(service, .field("webhooks"))]).map(\.reference) == [workload])
        let definition = ObjectReference(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition", namespace: "", name: "d")
        #expect(backends.needs(of: definition, calling: [Need(service, .field("conversion"))]).isEmpty)
    }
}
