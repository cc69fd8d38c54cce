import Manifests

/// The defaults that Kubernetes 1.36 fills in by code (`SetDefaults_…` in its `pkg/apis/<group>/<version>/defaults.go`).
enum BuiltInDefaults {
    typealias Rule = @Sendable (inout Value) -> Void

    static let table: [String: Rule] = [
        "/v1/Namespace": { object in
            if let name = object.metadata("name") {
                var labels = object.metadata("labels") ?? [:]
                labels["kubernetes.io/metadata.name"] = name
                object.setMetadata("labels", labels)
            }
        },
        "/v1/Pod": { $0.edit("spec") { PodDefaults.spec(&$0, isPod: true) } },
        "/v1/PodTemplate": { $0.edit("template") { $0.edit("spec") { PodDefaults.spec(&$0) } } },
        "/v1/ReplicationController": replicationController,
        "/v1/Service": ServiceDefaults.apply,
        "/v1/Secret": secret,
        "/v1/PersistentVolumeClaim": { object in
            object.edit("spec") { PodDefaults.claimSpec(&$0) }
            object.edit("status") { $0.setDefault("phase", "Pending") }
        },
        "/v1/PersistentVolume": persistentVolume,
        "/v1/Endpoints": endpoints,
        "apps/v1/Deployment": deployment,
        "apps/v1/DaemonSet": daemonSet,
        "apps/v1/StatefulSet": statefulSet,
        "apps/v1/ReplicaSet": {
            $0.edit("spec") { spec in
                spec.setDefault("replicas", 1)
                template(&spec)
            }
        },
        "batch/v1/Job": { $0.edit("spec") { BatchDefaults.job(&$0) } },
        "batch/v1/CronJob": { $0.edit("spec") { BatchDefaults.cronJob(&$0) } },
        "autoscaling/v2/HorizontalPodAutoscaler": autoscaler,
        "autoscaling/v1/HorizontalPodAutoscaler": { $0.edit("spec") { $0.setDefault("minReplicas", 1) } },
        "networking.k8s.io/v1/NetworkPolicy": networkPolicy,
        "networking.k8s.io/v1/IngressClass": { $0.edit("spec") { $0.edit("parameters") { $0.setDefault("scope", "Cluster") } } },
        "rbac.authorization.k8s.io/v1/RoleBinding": roleBinding,
        "rbac.authorization.k8s.io/v1/ClusterRoleBinding": roleBinding,
        "storage.k8s.io/v1/StorageClass": { object in
            object.setDefault("reclaimPolicy", "Delete")
            object.setDefault("volumeBindingMode", "Immediate")
        },
        "storage.k8s.io/v1/CSIDriver": csiDriver,
        "scheduling.k8s.io/v1/PriorityClass": { $0.setDefault("preemptionPolicy", "PreemptLowerPriority") },
        "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration": {
            $0.editItems("webhooks") { AdmissionDefaults.webhook(&$0, isMutating: false) }
        },
        "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration": {
            $0.editItems("webhooks") { AdmissionDefaults.webhook(&$0, isMutating: true) }
        },
        "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy": AdmissionDefaults.policy,
        "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy": AdmissionDefaults.policy,
        "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding": AdmissionDefaults.binding,
        "admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding": AdmissionDefaults.binding,
        "apiextensions.k8s.io/v1/CustomResourceDefinition": DefinitionDefaults.apply,
        "discovery.k8s.io/v1/EndpointSlice": { object in
            object.editItems("ports") { port in
                port.setDefault("name", "")
                port.setDefault("protocol", "TCP")
            }
        },
        "flowcontrol.apiserver.k8s.io/v1/FlowSchema": {
            $0.edit("spec") { spec in
                if TypeBuilder.isZero(spec["matchingPrecedence"] ?? .null) { spec["matchingPrecedence"] = 1000 }
            }
        },
        "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration": priorityLevel,
        "apiregistration.k8s.io/v1/APIService": { $0.edit("spec") { $0.edit("service") { $0.setDefault("port", 443) } } },
    ]

    /// The pod template of a workload.
    static func template(_ spec: inout Value) {
        spec.edit("template") { $0.edit("spec") { PodDefaults.spec(&$0) } }
    }

    private static let deployment: Rule = { object in
        object.edit("spec") { spec in
            spec.setDefault("replicas", 1)
            spec.setDefault("revisionHistoryLimit", 10)
            spec.setDefault("progressDeadlineSeconds", 600)
            spec.edit("strategy") { strategy in
                strategy.setDefault("type", "RollingUpdate")
                if strategy["type"]?.string == "RollingUpdate" {
                    strategy.setDefault("rollingUpdate", [:])
                    strategy.edit("rollingUpdate") { update in
                        update.setDefault("maxUnavailable", "25%")
                        update.setDefault("maxSurge", "25%")
                    }
                }
            }
            template(&spec)
        }
    }

    private static let daemonSet: Rule = { object in
        object.edit("spec") { spec in
            spec.setDefault("revisionHistoryLimit", 10)
            spec.edit("updateStrategy") { strategy in
                strategy.setDefault("type", "RollingUpdate")
                if strategy["type"]?.string == "RollingUpdate" {
                    strategy.setDefault("rollingUpdate", [:])
                    strategy.edit("rollingUpdate") { update in
                        update.setDefault("maxUnavailable", 1)
                        update.setDefault("maxSurge", 0)
                    }
                }
            }
            template(&spec)
        }
    }

    private static let statefulSet: Rule = { object in
        object.edit("spec") { spec in
            spec.setDefault("podManagementPolicy", "OrderedReady")
            spec.setDefault("replicas", 1)
            spec.setDefault("revisionHistoryLimit", 10)
            spec.setDefault("persistentVolumeClaimRetentionPolicy", [:])
            spec.edit("persistentVolumeClaimRetentionPolicy") { policy in
                policy.setDefault("whenDeleted", "Retain")
                policy.setDefault("whenScaled", "Retain")
            }
            spec.edit("updateStrategy") { strategy in
                // A type without its parameters stays without them.
                if strategy["type"] == nil {
                    strategy["type"] = "RollingUpdate"
                    strategy.setDefault("rollingUpdate", [:])
                }
                if strategy["type"]?.string == "RollingUpdate" {
                    strategy.edit("rollingUpdate") { $0.setDefault("partition", 0) }
                }
            }
            spec.editItems("volumeClaimTemplates") { claim in
                claim.setDefault("kind", "PersistentVolumeClaim")
                claim.setDefault("apiVersion", "v1")
                claim.edit("spec") { PodDefaults.claimSpec(&$0) }
                claim.edit("status") { $0.setDefault("phase", "Pending") }
            }
            template(&spec)
        }
    }

    private static let replicationController: Rule = { object in
        object.edit("spec") { spec in
            spec.setDefault("replicas", 1)
            if let labels = spec.at("template", "metadata", "labels") { spec.setDefault("selector", labels) }
            template(&spec)
        }
        if object.metadata("labels") == nil, let labels = object.at("spec", "template", "metadata", "labels") {
            object.setMetadata("labels", labels)
        }
    }

    private static let secret: Rule = { object in
        object.setDefault("type", "Opaque")
        // stringData is write-only: it lands in data, encoded.
        if case .object(let texts)? = object["stringData"] {
            var data = object["data"]?.object ?? Object()
            for member in texts { data[member.key] = .string(Base64.encode(Array((member.value.string ?? "").utf8))) }
            object["data"] = .object(data)
            object["stringData"] = nil
        }
    }

    private static let persistentVolume: Rule = { object in
        object.edit("status") { $0.setDefault("phase", "Pending") }
        object.edit("spec") { spec in
            spec.setDefault("persistentVolumeReclaimPolicy", "Retain")
            spec.setDefault("volumeMode", "Filesystem")
            spec.edit("hostPath") { if $0["type"] == nil { $0["type"] = "" } }
            spec.edit("iscsi") { $0.setDefault("iscsiInterface", "default") }
        }
    }

    private static let endpoints: Rule = { object in
        object.editItems("subsets") { $0.editItems("ports") { $0.setDefault("protocol", "TCP") } }
    }

    private static let autoscaler: Rule = { object in
        object.edit("spec") { spec in
            spec.setDefault("minReplicas", 1)
            spec.setDefault(
                "metrics",
                [["type": "Resource", "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]]]])
            spec.edit("behavior") { behavior in
                for (direction, policies) in scalingPolicies {
                    behavior.setDefault(direction, [:])
                    behavior.edit(direction) { rules in
                        rules.setDefault("selectPolicy", "Max")
                        if direction == "scaleUp" { rules.setDefault("stabilizationWindowSeconds", 0) }
                        rules.setDefault("policies", policies)
                    }
                }
            }
        }
    }

    private static let scalingPolicies: [(String, Value)] = [
        (
            "scaleUp",
            [["type": "Pods", "value": 4, "periodSeconds": 15], ["type": "Percent", "value": 100, "periodSeconds": 15]]
        ),
        ("scaleDown", [["type": "Percent", "value": 100, "periodSeconds": 15]]),
    ]

    private static let networkPolicy: Rule = { object in
        object.edit("spec") { spec in
            for direction in ["ingress", "egress"] {
                spec.editItems(direction) { $0.editItems("ports") { $0.setDefault("protocol", "TCP") } }
            }
            if spec["policyTypes"]?.array?.isEmpty != false {
                spec["policyTypes"] = spec["egress"]?.array?.isEmpty == false ? ["Ingress", "Egress"] : ["Ingress"]
            }
        }
    }

    private static let roleBinding: Rule = { object in
        object.edit("roleRef") { $0.setDefault("apiGroup", "rbac.authorization.k8s.io") }
        object.editItems("subjects") { subject in
            if ["User", "Group"].contains(subject["kind"]?.string) {
                subject.setDefault("apiGroup", "rbac.authorization.k8s.io")
            }
        }
    }

    private static let csiDriver: Rule = { object in
        object.edit("spec") { spec in
            spec.setDefault("attachRequired", true)
            spec.setDefault("podInfoOnMount", false)
            spec.setDefault("storageCapacity", false)
            spec.setDefault("fsGroupPolicy", "ReadWriteOnceWithFSType")
            spec.setDefault("requiresRepublish", false)
            spec.setDefault("seLinuxMount", false)
            if spec["volumeLifecycleModes"]?.array?.isEmpty != false { spec["volumeLifecycleModes"] = ["Persistent"] }
        }
    }

    private static let priorityLevel: Rule = { object in
        object.edit("spec") { spec in
            spec.edit("limited") { limited in
                limited.setDefault("nominalConcurrencyShares", 30)
                limited.setDefault("lendablePercent", 0)
                limited.edit("limitResponse") {
                    $0.edit("queuing") { queuing in
                        for (key, number) in [("handSize", 8), ("queues", 64), ("queueLengthLimit", 50)] as [(String, Int64)]
                        where TypeBuilder.isZero(queuing[key] ?? .null) { queuing[key] = .int(number) }
                    }
                }
            }
            spec.edit("exempt") { exempt in
                exempt.setDefault("nominalConcurrencyShares", 0)
                exempt.setDefault("lendablePercent", 0)
            }
        }
    }
}
