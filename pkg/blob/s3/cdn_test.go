package s3_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob/s3"
	"movify/pkg/testkit"
)

const key = "v1/ab/asset/v720/all.mp4"

// keyFile writes an RSA key in one of the two forms and gives its public half.
func keyFile(t *testing.T, old bool) (string, *rsa.PublicKey) {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)}
	if !old {
		der, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			t.Fatal(err)
		}
		block = &pem.Block{Type: "PRIVATE KEY", Bytes: der}
	}
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, &private.PublicKey
}

// verifySignature checks an RSA signature of a policy.
func verifySignature(t *testing.T, public *rsa.PublicKey, policy, signature string) {
	t.Helper()
	sum := sha1.Sum([]byte(policy))
	if err := rsa.VerifyPKCS1v15(public, crypto.SHA1, sum[:], []byte(plain(t, signature))); err != nil {
		t.Errorf("the signature of %s: %v", policy, err)
	}
}

// plain undoes CloudFront's base64.
func plain(t *testing.T, text string) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "=", "~", "/").Replace(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func at(sec int64) func() time.Time { return func() time.Time { return time.Unix(sec, 0) } }

func TestCloudFrontURL(t *testing.T) {
	t.Parallel()
	for _, old := range []bool{true, false} {
		file, public := keyFile(t, old)
		cdn, err := s3.NewCDN(s3.CDNOptions{URL: "https://media.example.org", Prefix: "movify", Sign: s3.CloudFrontURL,
			KeyPair: "K2JCJMDEHXQW5F", KeyFile: file, Clock: at(1_800_000_000)})
		if err != nil {
			t.Fatal(err)
		}
		link, err := cdn.Link(t.Context(), key, 5*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		const resource = "https://media.example.org/movify/" + key
		q := u.Query()
		got := []string{link[:strings.Index(link, "?")], q.Get("Expires"), q.Get("Key-Pair-Id"), strconv.Itoa(len(q))}
		if diff := cmp.Diff([]string{resource, "1800000300", "K2JCJMDEHXQW5F", "3"}, got); diff != "" {
			t.Errorf("the address (-want +got):\n%s", diff)
		}
		// The canned policy, letter by letter.
		verifySignature(
			t, public, `{"Statement":[{"Resource":"`+resource+`","Condition":{"DateLessThan":{"AWS:EpochTime":1800000300}}}]}`,
			q.Get("Signature"),
		)
		if cookies, err := cdn.Cookies(t.Context(), "v1/", time.Minute); err != nil || len(cookies) > 0 {
			t.Errorf("cookies nobody asked for: %v, %v", cookies, err)
		}
	}
}

func TestCloudFrontCookies(t *testing.T) {
	t.Parallel()
	file, public := keyFile(t, false)
	cdn, err := s3.NewCDN(
		s3.CDNOptions{URL: "https://media.example.org", Sign: s3.CloudFrontCookies, CookieDomain: "example.org",
			KeyPair: "K2JCJMDEHXQW5F", KeyFile: file, Clock: at(1_800_000_000)},
	)
	if err != nil {
		t.Fatal(err)
	}
	link, err := cdn.Link(t.Context(), key, 5*time.Minute)
	if err != nil || link != "https://media.example.org/"+key {
		t.Errorf("link %s, %v", link, err)
	}
	cookies, err := cdn.Cookies(t.Context(), "v1/ab/asset/", 5*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	value := map[string]string{}
	for _, c := range cookies {
		value[c.Name] = c.Value
		if c.Domain != "example.org" || c.Path != "/v1/ab/asset/" || !c.Secure || !c.HttpOnly ||
			c.SameSite != http.SameSiteLaxMode ||
			c.Expires.Unix() != 1_800_000_300 {
			t.Errorf("cookie %s", c)
		}
		if err := c.Valid(); err != nil {
			t.Errorf("cookie %s: %v", c.Name, err)
		}
	}
	policy := plain(t, value["CloudFront-Policy"])
	verifySignature(t, public, policy, value["CloudFront-Signature"])
	var read struct {
		Statement []struct {
			Resource  string
			Condition struct {
				DateLessThan map[string]int64
			}
		}
	}
	if err := json.Unmarshal([]byte(policy), &read); err != nil || len(read.Statement) != 1 {
		t.Fatalf("%v: %s", err, policy)
	}
	if s := read.Statement[0]; s.Resource != "https://media.example.org/v1/ab/asset/*" ||
		s.Condition.DateLessThan["AWS:EpochTime"] != 1_800_000_300 ||
		value["CloudFront-Key-Pair-Id"] != "K2JCJMDEHXQW5F" ||
		len(value) != 3 {
		t.Errorf("policy %s, cookies %v", policy, cookies)
	}
}

// hmacOrigin is an origin as its owner would write it by the documentation.
func hmacOrigin(secret string, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		expires, err := strconv.ParseInt(r.URL.Query().Get("expires"), 10, 64)
		mac := hmac.New(sha256.New, []byte(secret))
		fmt.Fprintf(mac, "%s\n%d", r.URL.Path, expires)
		given, bad := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("signature"))
		switch {
		case err != nil, bad != nil, !hmac.Equal(mac.Sum(nil), given):
			w.WriteHeader(http.StatusForbidden)
		case now().Unix() > expires:
			w.WriteHeader(http.StatusGone)
		default:
			fmt.Fprint(w, "film")
		}
	})
}

func status(t *testing.T, address string) int {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}

func TestHMACOrigin(t *testing.T) {
	t.Parallel()
	now := int64(1_800_000_000)
	clock := func() time.Time { return time.Unix(now, 0) }
	origin := testkit.Serve(t, hmacOrigin("shared", clock))
	link := func(secret s3.Secret) string {
		cdn, err := s3.NewCDN(
			s3.CDNOptions{URL: origin.URL + "/films/", Prefix: "of the house", Sign: s3.HMAC, Secret: secret, Clock: clock},
		)
		if err != nil {
			t.Fatal(err)
		}
		l, err := cdn.Link(t.Context(), key, 5*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	good := link("shared")
	got := []int{status(t, good), status(t, strings.Replace(good, "v720", "v721", 1)), status(t, link("other"))}
	now += 300
	got = append(got, status(t, good))
	now++
	got = append(got, status(t, good))
	if diff := cmp.Diff([]int{200, 403, 403, 200, 410}, got); diff != "" {
		t.Errorf("right, another file, another secret, its last second, after it (-want +got):\n%s", diff)
	}
}

// TestSecureLink asks a real nginx, whose clock cannot be set: the clock of the signer goes instead.
func TestSecureLink(t *testing.T) {
	t.Parallel()
	base := nginx(t, "it is shared")
	link := func(secret s3.Secret, ago time.Duration) string {
		cdn, err := s3.NewCDN(s3.CDNOptions{URL: base, Prefix: "films", Sign: s3.SecureLink, Secret: secret,
			Clock: func() time.Time { return time.Now().Add(-ago) }})
		if err != nil {
			t.Fatal(err)
		}
		l, err := cdn.Link(t.Context(), key, 5*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	good := link("it is shared", 0)
	got := []int{
		status(t, good), status(t, base+"/films/"+key), status(t, strings.Replace(good, "expires=1", "expires=2", 1)),
		status(t, link("other", 0)), status(t, link("it is shared", 5*time.Minute+2*time.Second)),
	}
	if diff := cmp.Diff([]int{200, 403, 403, 403, 410}, got); diff != "" {
		t.Errorf("right, bare, a longer life, another secret, after its minutes (-want +got):\n%s", diff)
	}
}

// nginx runs an origin with one film until the test is over.
func nginx(t *testing.T, secret string) string {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		t.Fatalf("nginx is not installed: run make setup: %v", err)
	}
	dir := t.TempDir()
	film := filepath.Join(dir, "www", "films", key)
	address := testkit.FreeAddress(t)
	config := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`daemon off; worker_processes 1; user root; pid %[1]s/pid; error_log stderr;
events { worker_connections 64; }
http { access_log off; client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
 server { listen %[2]s; root %[1]s/www;
  location / {
   secure_link $arg_md5,$arg_expires;
   secure_link_md5 "$secure_link_expires$uri %[3]s";
   if ($secure_link = "") { return 403; }
   if ($secure_link = "0") { return 410; }
  }
 }
}`, dir, address, secret)
	if err := errors.Join(os.MkdirAll(filepath.Dir(film), 0o755), os.WriteFile(film, []byte("film"), 0o644), os.WriteFile(config, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
	// The folders of a test are closed to others, and its workers read as themselves.
	for at := filepath.Dir(film); len(at) >= len(dir); at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	said := &strings.Builder{}
	cmd := exec.Command(program, "-c", config, "-e", "stderr")
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		<-exited
	})
	for deadline := time.Now().Add(2 * time.Minute); ; {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return "http://" + address
		}
		select {
		case err := <-exited:
			exited <- err
			t.Fatalf("nginx ended: %v\n%s", err, said)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatalf("nginx does not answer: %v", err)
		}
	}
}

func TestCDNSettings(t *testing.T) {
	t.Parallel()
	file, _ := keyFile(t, false)
	broken := filepath.Join(t.TempDir(), "broken.pem")
	if err := os.WriteFile(broken, []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]s3.CDNOptions{
		"no address":           {Sign: s3.HMAC, Secret: "x"},
		"a password in it":     {URL: "https://a:b@host", Sign: s3.HMAC, Secret: "x"},
		"a query in it":        {URL: "https://host?a", Sign: s3.HMAC, Secret: "x"},
		"no signing":           {URL: "https://host", Secret: "x"},
		"no secret":            {URL: "https://host", Sign: s3.SecureLink},
		"no key pair":          {URL: "https://host", Sign: s3.CloudFrontURL, KeyFile: file},
		"no key":               {URL: "https://host", Sign: s3.CloudFrontURL, KeyPair: "K", KeyFile: file + "x"},
		"a broken key":         {URL: "https://host", Sign: s3.CloudFrontURL, KeyPair: "K", KeyFile: broken},
		"another cookie house": {URL: "https://media.other.org", Sign: s3.CloudFrontCookies, KeyPair: "K", KeyFile: file, CookieDomain: "example.org"},
		"a look-alike":         {URL: "https://notexample.org", Sign: s3.CloudFrontCookies, KeyPair: "K", KeyFile: file, CookieDomain: "example.org"},
	} {
		if _, err := s3.NewCDN(o); !errors.Is(err, s3.ErrSettings) {
			t.Errorf("%s: %v", name, err)
		}
	}
	cdn, err := s3.NewCDN(s3.CDNOptions{URL: "https://host", Sign: s3.HMAC, Secret: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if l, err := cdn.Link(t.Context(), "../other", time.Minute); err == nil {
		t.Errorf("a link to another folder: %s", l)
	}
}
