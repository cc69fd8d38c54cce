package enum KubernetesAPIModule {}
