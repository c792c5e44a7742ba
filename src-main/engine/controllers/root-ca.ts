// The certificate that pods are given to know the API server by: a real one, made once, so that what mounts it can parse it.
// It is the lab's alone and signs nothing: its key was thrown away. P-256, valid from 2020 to 2119; the subject says what it is.

export const rootCaCertificate = `-----BEGIN CERTIFICATE-----
MIIByzCCAXKgAwIBAgIBATAKBggqhkjOPQQDAjBBMRMwEQYDVQQDDAprdWJlcm5l
dGVzMSowKAYDVQQKDCFPcnJlcnkgbGFiLCBub3QgZm9yIHJlYWwgY2x1c3RlcnMw
IBcNMjAwMTAxMDAwMDAwWhgPMjExOTEyMDcwMDAwMDBaMEExEzARBgNVBAMMCmt1
YmVybmV0ZXMxKjAoBgNVBAoMIU9ycmVyeSBsYWIsIG5vdCBmb3IgcmVhbCBjbHVz
dGVyczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIQwjw197vgeIJCywiSd7vOL
IGQh3xF2pFIgE9B+GCa/Ld2yqm/k5CQBviTQu+J6vnX+HZ1qi3TtntSlLUmr85yj
WTBXMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgKkMB0GA1UdDgQWBBQq
3E43JczMfvO2+9yLtx+1o5jkejAVBgNVHREEDjAMggprdWJlcm5ldGVzMAoGCCqG
SM49BAMCA0cAMEQCIHgb7gPjg2i3HUUKQ0MVMyS0f1wg7CsNJJBpl3N0hK9lAiBp
+t+IAqSE/7sM758l0F2mc9/ZjIsmcecLs9EVqJRKZw==
-----END CERTIFICATE-----
`;
