"""Where the bytes of attachments are kept: a folder, or a bucket at S3."""
