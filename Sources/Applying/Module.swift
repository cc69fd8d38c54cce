package enum ApplyingModule {}
