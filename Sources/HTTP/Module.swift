package enum HTTPModule {}
