package enum SandboxModule {}
