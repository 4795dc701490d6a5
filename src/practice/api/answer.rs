//! What many answers say alike: the checksums and the encryption of an object.

/// Spreads `ChecksumFields` over the fields of an answer that names them one by one.
macro_rules! with_sums {
    ($output:expr, $sums:expr) => {{
        let (mut output, sums) = ($output, $sums);
        output.checksum_crc32 = sums.crc32;
        output.checksum_crc32c = sums.crc32c;
        output.checksum_crc64nvme = sums.crc64nvme;
        output.checksum_sha1 = sums.sha1;
        output.checksum_sha256 = sums.sha256;
        output
    }};
}

/// As [`with_sums`], for an answer that also tells the kind of the checksum.
macro_rules! with_sums_and_kind {
    ($output:expr, $sums:expr) => {{
        let (mut output, sums) = ($output, $sums);
        output.checksum_type = sums.kind.clone();
        with_sums!(output, sums)
    }};
}

/// Tells how an object is encrypted.
macro_rules! with_encryption {
    ($output:expr, $meta:expr) => {{
        let (mut output, meta) = ($output, $meta);
        let encryption = meta.encryption.as_ref();
        output.server_side_encryption = Some(super::headers::encryption_name(meta));
        output.ssekms_key_id = encryption.and_then(|encryption| encryption.key_id.clone());
        output.bucket_key_enabled = encryption.and_then(|encryption| encryption.bucket_key);
        output
    }};
}
