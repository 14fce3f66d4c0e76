#!/bin/bash
# submit.sh URL KEYS [OUT]: a second client of the district platform, by curl and openssl alone: makes
# a request with one page, seals, signs, uploads it in two pieces, submits it, submits it again, asks
# for its state. Shares nothing with the kiosk but kiosk/platform/openapi.yaml.
#   URL   https://host:port
#   KEYS  folder with ca.pem, device.pem, device.key, platform-sealing.pem
#   OUT   folder for what was sent and answered; default: a passing one
# Exit 0: taken in once and replayed. Everybody in it is synthetic.
set -euo pipefail

(($# >= 2)) || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
url=$1 keys=$2
if (($# > 2)); then
    out=$3
    mkdir -p "$out"
else
    out=$(mktemp -d)
    trap 'rm -rf "$out"' EXIT
fi

fail() { echo "submit: $*" >&2; exit 1; }

# call METHOD PATH [CURL ARGUMENTS]: leaves status, headers and body in $status, $out/headers, $out/body.
call() {
    local method=$1 path=$2
    shift 2
    status=$(curl --silent --show-error --proto =https --tlsv1.2 --max-time 30 \
        --cacert "$keys/ca.pem" --cert "$keys/device.pem" --key "$keys/device.key" \
        --request "$method" --dump-header "$out/headers" --output "$out/body" \
        --write-out '%{http_code}' --user-agent 'submit.sh' "$@" "$url$path")
}
# expect STATUS: of the last call.
expect() { [[ $status == "$1" ]] || fail "$2: $status instead of $1: $(head -c 300 "$out/body")"; }
header() { sed -n "s/^$1: *//Ip" "$out/headers" | tr -d '\r' | tail -n 1; }
# field NAME FILE: the text member of a JSON object without nested members of that name.
field() { grep -o "\"$1\": *\"[^\"]*\"" "$2" | head -n 1 | sed 's/^[^:]*: *"//; s/"$//'; }
hex() { sha256sum "$1" | cut -d' ' -f1; }
base64_digest() { openssl dgst -sha256 -binary "$1" | openssl base64 -A; }

# Twelve characters: a prefix of two, nine random, one that makes the sum of all, weighted 1 to 12, a
# multiple of 23.
receipt_number() {
    local alphabet=23456789CDFHJKMNPQRTVWX number=XX sum=0 i value rest
    for byte in $(od -An -v -tu1 -N9 /dev/urandom); do number+=${alphabet:byte % 23:1}; done
    for ((i = 0; i < 11; i++)); do
        rest=${alphabet%%"${number:i:1}"*}
        ((sum += (i + 1) * ${#rest}))
    done
    for ((value = 0; (sum + 12 * value) % 23 != 0; value++)); do :; done
    number+=${alphabet:value:1}
    echo "${number:0:4}-${number:4:4}-${number:8:4}"
}

# seal IN OUT: AuthEnvelopedData, AES-256-GCM, ECDH P-256 with the X9.63 KDF over SHA-256.
seal() {
    openssl cms -encrypt -binary -aes-256-gcm -in "$1" -outform DER -out "$2" \
        -recip "$keys/platform-sealing.pem" -keyopt ecdh_kdf_md:sha256
}

# ---- the request ----

key=$(cat /proc/sys/kernel/random/uuid)
number=$(receipt_number)
now=$(date +%Y-%m-%dT%H:%M:%S%:z)
zeros=$(printf '0%.0s' {1..64})

head -c 4000 /dev/urandom >"$out/page"
seal "$out/page" "$out/page.cms"

cat >"$out/clear.json" <<JSON
{"schema":"kiosk-submission/1","id":"$key","matter":"platform-check",
 "form":{"id":"platform-check","version":1,"packageDigest":"sha256:$zeros"},
 "confirmedAt":"$now","clock":{"synced":true,"monotonicSinceBootMs":1},
 "applicant":{"name":"测试 TEST ONLY","idNumber":"659999194003150046",
              "identity":{"level":"L1","method":"possession-only"}},
 "consents":[],"answers":[],
 "attachments":[{"sealedSha256":"$(hex "$out/page.cms")","field":"doc.check","page":1,
                 "sha256":"$(hex "$out/page")","mediaType":"image/jpeg","size":4000,"trust":"C"}],
 "receiptNo":"$number"}
JSON
seal "$out/clear.json" "$out/sealed.cms"
openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -in "$out/sealed.cms" -outform DER \
    -signer "$keys/device.pem" -inkey "$keys/device.key" -out "$out/submission.cms"

# ---- the page, in two pieces ----

size=$(stat -c %s "$out/page.cms")
call POST /kiosk/v1/uploads --header 'Content-Type: application/json' --data-binary \
    "{\"sha256\":\"$(hex "$out/page.cms")\",\"size\":$size,\"mediaType\":\"application/cms\",\"submissionId\":\"$key\",\"page\":1}"
expect 201 "announcing the page"
place=$(header Location)
[[ $place =~ ^/kiosk/v1/uploads/[A-Za-z0-9-]{1,64}$ ]] || fail "no usable Location: $place"

# append FILE: from where the platform says it is.
append() {
    call PATCH "$place" --header 'Content-Type: application/offset+octet-stream' \
        --header "Upload-Offset: $offset" \
        --header "Upload-Checksum: sha-256 $(base64_digest "$1")" --data-binary "@$1"
    expect 204 "appending"
    offset=$(header Upload-Offset)
}
offset=0
head -c 1500 "$out/page.cms" >"$out/piece"
append "$out/piece"
call HEAD "$place" --head
expect 200 "asking how far"
offset=$(header Upload-Offset)
tail -c "+$((offset + 1))" "$out/page.cms" >"$out/piece"
append "$out/piece"
[[ $offset == "$size" ]] || fail "the page has $offset of $size bytes"

# ---- once, and once more ----

submit() {
    call POST /kiosk/v1/submissions --header 'Content-Type: application/cms' \
        --header "Idempotency-Key: \"$key\"" \
        --header "Content-Digest: sha-256=:$(base64_digest "$out/submission.cms"):" \
        --header "Attachments: sha-256=:$(base64_digest "$out/page.cms"):" \
        --data-binary "@$out/submission.cms"
}
submit
expect 201 "submitting"
[[ $(field id "$out/body") == "$key" ]] || fail "the answer names another key"
[[ $(field digest "$out/body") == "sha-256=:$(base64_digest "$out/submission.cms"):" ]] ||
    fail "the answer names another digest"
code=$(field caseCode "$out/body")
[[ -n $code ]] || fail "no case code"
cp "$out/body" "$out/first"
submit
expect 200 "submitting again"
[[ $(header Idempotent-Replay) == true ]] || fail "no Idempotent-Replay"
cmp -s "$out/first" "$out/body" || fail "another answer than the first"

call POST /kiosk/v1/status-queries --header 'Content-Type: application/json' --data-binary \
    "{\"receiptNo\":\"$number\",\"proof\":{\"idNumber\":\"659999194003150046\"}}"
expect 200 "asking for the state"
[[ $(field state "$out/body") == accepted ]] || fail "state: $(cat "$out/body")"
echo "submit: $number taken in once as $code, and replayed"
