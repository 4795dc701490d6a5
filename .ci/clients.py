"""A round of work by boto3 against the endpoint of the environment. usage: clients.py BIG_FILE DOWNLOADED_FILE"""

import hashlib
import sys
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

big, downloaded = sys.argv[1:]
s3 = boto3.client("s3")


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, f"{error.response['Error']} instead of {code}"
    else:
        raise AssertionError(f"{call.__name__} was not refused with {code}")


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


s3.create_bucket(Bucket="boto-europe", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
assert s3.get_bucket_location(Bucket="boto-europe")["LocationConstraint"] == "eu-central-1"
s3.delete_bucket(Bucket="boto-europe")

s3.create_bucket(Bucket="boto")
s3.get_waiter("bucket_exists").wait(Bucket="boto")
parts = TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=16 << 20, max_concurrency=4)
s3.upload_file(big, "boto", "big", Config=parts, ExtraArgs={"ContentType": "video/mp4", "Metadata": {"who": "maria"}})
head = s3.head_object(Bucket="boto", Key="big", ChecksumMode="ENABLED")
assert head["ContentType"] == "video/mp4" and head["Metadata"] == {"who": "maria"}, head
assert head["ETag"].endswith('-12"'), head["ETag"]
s3.download_file("boto", "big", downloaded, Config=parts)
assert sha256(big) == sha256(downloaded)

body = b"0123456789"
put = s3.put_object(Bucket="boto", Key="digits", Body=body, ChecksumAlgorithm="SHA256")
assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
assert s3.get_object(Bucket="boto", Key="digits", Range="bytes=2-4")["Body"].read() == b"234"
refused("PreconditionFailed", s3.put_object, Bucket="boto", Key="digits", Body=b"x", IfNoneMatch="*")
s3.put_object(Bucket="boto", Key="digits", Body=body, IfMatch=put["ETag"])
refused("304", s3.get_object, Bucket="boto", Key="digits", IfNoneMatch=put["ETag"])
refused("NoSuchKey", s3.get_object, Bucket="boto", Key="nowhere")
refused("404", s3.head_object, Bucket="boto", Key="nowhere")
refused("BadDigest", s3.put_object, Bucket="boto", Key="wrong", Body=b"x", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
s3.copy_object(Bucket="boto", Key="copy é+ .txt", CopySource={"Bucket": "boto", "Key": "digits"})
assert s3.get_object(Bucket="boto", Key="copy é+ .txt")["Body"].read() == body

for number in range(25):
    s3.put_object(Bucket="boto", Key=f"many/{number:02}", Body=b"")
pages = s3.get_paginator("list_objects_v2").paginate(Bucket="boto", Prefix="many/", PaginationConfig={"PageSize": 7})
assert [found["Key"] for page in pages for found in page["Contents"]] == [f"many/{number:02}" for number in range(25)]
folders = s3.list_objects_v2(Bucket="boto", Delimiter="/")
assert [folder["Prefix"] for folder in folders["CommonPrefixes"]] == ["many/"]

link = s3.generate_presigned_url("put_object", Params={"Bucket": "boto", "Key": "by link"}, ExpiresIn=60)
urllib.request.urlopen(urllib.request.Request(link, b"sent", method="PUT", headers={"Content-Type": ""})).read()
link = s3.generate_presigned_url("get_object", Params={"Bucket": "boto", "Key": "by link"}, ExpiresIn=60)
assert urllib.request.urlopen(link).read() == b"sent"
try:
    urllib.request.urlopen(link.replace("by%20link", "digits"))
except urllib.error.HTTPError as error:
    assert error.code == 403, error
else:
    raise AssertionError("a link opens another file than the one it was signed for")

bucket = boto3.resource("s3").Bucket("boto")
bucket.Versioning().enable()
s3.delete_object(Bucket="boto", Key="digits")
refused("NoSuchKey", s3.get_object, Bucket="boto", Key="digits")
markers = s3.list_object_versions(Bucket="boto", Prefix="digits")["DeleteMarkers"]
s3.delete_object(Bucket="boto", Key="digits", VersionId=markers[0]["VersionId"])
assert s3.get_object(Bucket="boto", Key="digits")["Body"].read() == body
s3.delete_object(Bucket="boto", Key="digits")
refused("BucketNotEmpty", s3.delete_bucket, Bucket="boto")
bucket.object_versions.delete()
bucket.delete()
refused("404", s3.head_bucket, Bucket="boto")
