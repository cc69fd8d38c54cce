/// What the Go types behind the built-in kinds do that their OpenAPI schemas do not say.
///
/// A field that is a pointer in Go keeps a zero value (`replicas: 0`); a plain one with `omitempty` loses it when it is
/// written; a plain one without `omitempty` is always written. Schemas say the last case by a zero `default`; the rest
/// stands here. One line a type (group, version and name of the schema), then its fields.
enum GoTypeTraits {
    /// Scalars that are pointers: a zero value is kept.
    static let pointerFields = """
        admissionregistration.v1.MatchResources matchPolicy
        admissionregistration.v1.MutatingAdmissionPolicySpec failurePolicy
        admissionregistration.v1.MutatingWebhook failurePolicy matchPolicy reinvocationPolicy timeoutSeconds
        admissionregistration.v1.NamedRuleWithOperations scope
        admissionregistration.v1.ParamRef parameterNotFoundAction
        admissionregistration.v1.RuleWithOperations scope
        admissionregistration.v1.ServiceReference path port
        admissionregistration.v1.ValidatingAdmissionPolicySpec failurePolicy
        admissionregistration.v1.ValidatingWebhook failurePolicy matchPolicy timeoutSeconds
        admissionregistration.v1.Validation reason
        admissionregistration.v1.WebhookClientConfig caBundle url
        apiextensions.v1.CustomResourceDefinitionVersion deprecationWarning
        apiextensions.v1.CustomResourceSubresourceScale labelSelectorPath
        apiextensions.v1.JSONSchemaProps $ref maxItems maxLength maxProperties maximum minItems minLength minProperties minimum multipleOf x-kubernetes-list-type x-kubernetes-map-type x-kubernetes-preserve-unknown-fields
        apiextensions.v1.ServiceReference path port
        apiextensions.v1.ValidationRule optionalOldSelf reason
        apiextensions.v1.WebhookClientConfig caBundle url
        apiregistration.v1.APIServiceSpec caBundle
        apiregistration.v1.ServiceReference port
        apps.v1.DaemonSetSpec revisionHistoryLimit
        apps.v1.DaemonSetStatus collisionCount
        apps.v1.DeploymentSpec progressDeadlineSeconds replicas revisionHistoryLimit
        apps.v1.DeploymentStatus collisionCount terminatingReplicas
        apps.v1.ReplicaSetSpec replicas
        apps.v1.ReplicaSetStatus terminatingReplicas
        apps.v1.RollingUpdateStatefulSetStrategy partition
        apps.v1.StatefulSetSpec replicas revisionHistoryLimit
        apps.v1.StatefulSetStatus collisionCount
        autoscaling.v1.HorizontalPodAutoscalerSpec minReplicas targetCPUUtilizationPercentage
        autoscaling.v1.HorizontalPodAutoscalerStatus currentCPUUtilizationPercentage observedGeneration
        autoscaling.v2.HPAScalingRules selectPolicy stabilizationWindowSeconds
        autoscaling.v2.HorizontalPodAutoscalerSpec minReplicas
        autoscaling.v2.HorizontalPodAutoscalerStatus observedGeneration
        autoscaling.v2.MetricTarget averageUtilization
        autoscaling.v2.MetricValueStatus averageUtilization
        batch.v1.CronJobSpec failedJobsHistoryLimit startingDeadlineSeconds successfulJobsHistoryLimit suspend timeZone
        batch.v1.JobSpec activeDeadlineSeconds backoffLimit backoffLimitPerIndex completionMode completions managedBy manualSelector maxFailedIndexes parallelism podReplacementPolicy suspend ttlSecondsAfterFinished
        batch.v1.JobStatus failedIndexes ready terminating
        batch.v1.PodFailurePolicyOnExitCodesRequirement containerName
        batch.v1.SuccessPolicyRule succeededCount succeededIndexes
        certificates.v1.CertificateSigningRequestSpec expirationSeconds request
        certificates.v1.CertificateSigningRequestStatus certificate
        coordination.v1.LeaseSpec holderIdentity leaseDurationSeconds leaseTransitions preferredHolder strategy
        core.v1.AppArmorProfile localhostProfile
        core.v1.AzureDiskVolumeSource cachingMode fsType readOnly
        core.v1.CSIVolumeSource fsType readOnly
        core.v1.ClientIPConfig timeoutSeconds
        core.v1.ClusterTrustBundleProjection name optional signerName
        core.v1.ConfigMap immutable
        core.v1.ConfigMapEnvSource optional
        core.v1.ConfigMapKeySelector optional
        core.v1.ConfigMapProjection optional
        core.v1.ConfigMapVolumeSource defaultMode optional
        core.v1.Container restartPolicy
        core.v1.ContainerStatus started stopSignal
        core.v1.DownwardAPIVolumeFile mode
        core.v1.DownwardAPIVolumeSource defaultMode
        core.v1.EndpointAddress nodeName
        core.v1.EndpointPort appProtocol
        core.v1.EphemeralContainer restartPolicy
        core.v1.FCVolumeSource lun
        core.v1.FileKeySelector optional
        core.v1.GlusterfsPersistentVolumeSource endpointsNamespace
        core.v1.HostPathVolumeSource type
        core.v1.ISCSIPersistentVolumeSource initiatorName
        core.v1.ISCSIVolumeSource initiatorName
        core.v1.KeyToPath mode
        core.v1.Lifecycle stopSignal
        core.v1.LoadBalancerIngress ipMode
        core.v1.LocalVolumeSource fsType
        core.v1.NodeFeatures supplementalGroupsPolicy
        core.v1.NodeRuntimeHandlerFeatures recursiveReadOnlyMounts userNamespaces
        core.v1.NodeSwapStatus capacity
        core.v1.PersistentVolumeClaimSpec storageClassName volumeAttributesClassName volumeMode
        core.v1.PersistentVolumeClaimStatus currentVolumeAttributesClassName
        core.v1.PersistentVolumeSpec volumeAttributesClassName volumeMode
        core.v1.PodCertificateProjection maxExpirationSeconds
        core.v1.PodDNSConfigOption value
        core.v1.PodResourceClaim resourceClaimName resourceClaimTemplateName
        core.v1.PodResourceClaimStatus resourceClaimName
        core.v1.PodSchedulingGroup podGroupName
        core.v1.PodSecurityContext fsGroup fsGroupChangePolicy runAsGroup runAsNonRoot runAsUser seLinuxChangePolicy supplementalGroupsPolicy
        core.v1.PodSpec activeDeadlineSeconds automountServiceAccountToken enableServiceLinks hostUsers hostnameOverride preemptionPolicy priority runtimeClassName setHostnameAsFQDN shareProcessNamespace terminationGracePeriodSeconds
        core.v1.PortStatus error
        core.v1.Probe terminationGracePeriodSeconds
        core.v1.ProjectedVolumeSource defaultMode
        core.v1.ReplicationControllerSpec replicas
        core.v1.ResourceHealth message
        core.v1.SeccompProfile localhostProfile
        core.v1.Secret immutable
        core.v1.SecretEnvSource optional
        core.v1.SecretKeySelector optional
        core.v1.SecretProjection optional
        core.v1.SecretVolumeSource defaultMode optional
        core.v1.SecurityContext allowPrivilegeEscalation privileged procMount readOnlyRootFilesystem runAsGroup runAsNonRoot runAsUser
        core.v1.ServiceAccount automountServiceAccountToken
        core.v1.ServiceAccountTokenProjection expirationSeconds
        core.v1.ServicePort appProtocol
        core.v1.ServiceSpec allocateLoadBalancerNodePorts internalTrafficPolicy ipFamilyPolicy loadBalancerClass trafficDistribution
        core.v1.Toleration tolerationSeconds
        core.v1.TopologySpreadConstraint minDomains nodeAffinityPolicy nodeTaintsPolicy
        core.v1.TypedObjectReference namespace
        core.v1.VolumeMount mountPropagation recursiveReadOnly
        core.v1.VolumeMountStatus recursiveReadOnly
        core.v1.WindowsSecurityContextOptions gmsaCredentialSpec gmsaCredentialSpecName hostProcess runAsUserName
        discovery.v1.Endpoint hostname nodeName zone
        discovery.v1.EndpointConditions ready serving terminating
        discovery.v1.EndpointPort appProtocol name port protocol
        flowcontrol.v1.ExemptPriorityLevelConfiguration lendablePercent nominalConcurrencyShares
        flowcontrol.v1.LimitedPriorityLevelConfiguration borrowingLimitPercent lendablePercent
        meta.v1.DeleteOptions gracePeriodSeconds ignoreStoreReadErrorWithClusterBreakingPotential orphanDependents propagationPolicy
        meta.v1.ListMeta remainingItemCount
        meta.v1.ObjectMeta deletionGracePeriodSeconds
        meta.v1.OwnerReference apiVersion blockOwnerDeletion controller kind
        meta.v1.Preconditions resourceVersion uid
        meta.v1.WatchEvent type
        networking.v1.IngressClassParametersReference apiGroup namespace
        networking.v1.IngressPortStatus error
        networking.v1.IngressSpec ingressClassName
        networking.v1.NetworkPolicyPort endPort protocol
        policy.v1.PodDisruptionBudgetSpec unhealthyPodEvictionPolicy
        resource.v1.AllocatedDeviceStatus shareID
        resource.v1.Device allNodes allowMultipleAllocations bindsToNode nodeName
        resource.v1.DeviceAttribute bool int string version
        resource.v1.DeviceClassSpec extendedResourceName
        resource.v1.DeviceConstraint distinctAttribute matchAttribute
        resource.v1.DeviceRequestAllocationResult adminAccess shareID
        resource.v1.DeviceToleration tolerationSeconds
        resource.v1.ExactDeviceRequest adminAccess
        resource.v1.NodeAllocatableResourceMapping capacityKey
        resource.v1.ResourceSliceSpec allNodes nodeName perDeviceNodeSelection
        scheduling.v1.PriorityClass preemptionPolicy
        storage.v1.CSIDriverSpec attachRequired fsGroupPolicy nodeAllocatableUpdatePeriodSeconds podInfoOnMount preventPodSchedulingIfMissing requiresRepublish seLinuxMount serviceAccountTokenInSecrets storageCapacity
        storage.v1.StorageClass allowVolumeExpansion reclaimPolicy volumeBindingMode
        storage.v1.TokenRequest expirationSeconds
        storage.v1.VolumeAttachmentSource persistentVolumeName
        storage.v1.VolumeError errorCode
        storage.v1.VolumeNodeResources count
        """

    /// Lists, maps and times without `omitempty` that the schema does not call required: written as `null` when empty.
    static let nullFields = """
        admissionregistration.v1.MutatingWebhook sideEffects
        admissionregistration.v1.ValidatingWebhook sideEffects
        apiextensions.v1.CustomResourceDefinitionCondition lastTransitionTime
        apiextensions.v1.CustomResourceDefinitionStatus conditions storedVersions
        apiregistration.v1.APIServiceCondition lastTransitionTime
        apps.v1.DaemonSetCondition lastTransitionTime
        apps.v1.DaemonSetSpec selector
        apps.v1.DeploymentCondition lastTransitionTime lastUpdateTime
        apps.v1.DeploymentSpec selector
        apps.v1.ReplicaSetCondition lastTransitionTime
        apps.v1.ReplicaSetSpec selector
        apps.v1.StatefulSetCondition lastTransitionTime
        apps.v1.StatefulSetSpec selector
        authentication.v1.TokenRequestSpec audiences boundObjectRef expirationSeconds
        authentication.v1.TokenRequestStatus expirationTimestamp
        autoscaling.v2.HorizontalPodAutoscalerCondition lastTransitionTime
        autoscaling.v2.HorizontalPodAutoscalerStatus currentMetrics
        batch.v1.JobCondition lastProbeTime lastTransitionTime
        certificates.v1.CertificateSigningRequestCondition lastTransitionTime lastUpdateTime
        core.v1.AzureFilePersistentVolumeSource secretNamespace
        core.v1.ContainerImage names
        core.v1.ContainerStateRunning startedAt
        core.v1.ContainerStateTerminated finishedAt startedAt
        core.v1.Event eventTime firstTimestamp lastTimestamp
        core.v1.EventSeries lastObservedTime
        core.v1.GRPCAction service
        core.v1.NamespaceCondition lastTransitionTime
        core.v1.NodeCondition lastHeartbeatTime lastTransitionTime
        core.v1.PersistentVolumeClaimCondition lastProbeTime lastTransitionTime
        core.v1.PodCondition lastProbeTime lastTransitionTime
        core.v1.ProjectedVolumeSource sources
        core.v1.ReplicationControllerCondition lastTransitionTime
        core.v1.ScaleIOPersistentVolumeSource secretRef
        core.v1.ScaleIOVolumeSource secretRef
        core.v1.TypedLocalObjectReference apiGroup
        core.v1.TypedObjectReference apiGroup
        discovery.v1.EndpointSlice endpoints ports
        events.v1.Event deprecatedFirstTimestamp deprecatedLastTimestamp eventTime
        events.v1.EventSeries lastObservedTime
        flowcontrol.v1.FlowSchemaCondition lastTransitionTime
        flowcontrol.v1.LimitedPriorityLevelConfiguration nominalConcurrencyShares
        flowcontrol.v1.PriorityLevelConfigurationCondition lastTransitionTime
        flowcontrol.v1.ResourcePolicyRule namespaces
        meta.v1.Condition lastTransitionTime
        networking.v1.HTTPIngressPath pathType
        networking.v1.IngressClassParametersReference scope
        rbac.v1.ClusterRole rules
        rbac.v1.Role rules
        resource.v1.AllocatedDeviceStatus conditions
        resource.v1.CapacityRequestPolicy default
        resource.v1.DeviceClaim requests
        storage.v1.CSINodeDriver topologyKeys
        storage.v1.VolumeError time
        """

    /// Scalars with a zero `default` in the schema that are left out all the same when empty.
    static let omittedZeroFields = """
        autoscaling.v1.ScaleSpec replicas
        core.v1.ConfigMapEnvSource name
        core.v1.ConfigMapKeySelector name
        core.v1.ConfigMapProjection name
        core.v1.ConfigMapVolumeSource name
        core.v1.LocalObjectReference name
        core.v1.ReplicationControllerSpec minReadySeconds
        core.v1.SecretEnvSource name
        core.v1.SecretKeySelector name
        core.v1.SecretProjection name
        """

    /// Lists that the schema calls required and that are left out all the same when empty.
    static let omittedEmptyLists = """
        admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec validationActions
        resource.v1.CounterSet counters
        resource.v1.DeviceCounterConsumption counters
        """
}
