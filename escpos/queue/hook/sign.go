package hook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

const secretPrefix = "whsec_"

// parseSecret returns the key of a secret as Standard Webhooks 1.0 writes it.
// Its errors do not quote it.
func parseSecret(s string) ([]byte, error) {
	enc, ok := strings.CutPrefix(s, secretPrefix)
	if !ok {
		return nil, errors.New(`the secret does not begin with "whsec_"`)
	}
	key, err := base64.StdEncoding.DecodeString(enc)
	if err != nil {
		return nil, errors.New(`the secret is not base64 after "whsec_"`)
	}
	if len(key) < 24 || len(key) > 64 {
		return nil, fmt.Errorf("the secret has %d bytes, not 24 to 64 (make one: echo whsec_$(head -c 32 /dev/urandom | base64))", len(key))
	}
	return key, nil
}

// sign returns the value of the webhook-signature header (Standard Webhooks
// 1.0, "Signature scheme").
func sign(key []byte, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	for _, part := range [][]byte{[]byte(id), {'.'}, []byte(timestamp), {'.'}, body} {
		mac.Write(part)
	}
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
