package enum AuditingModule {}
