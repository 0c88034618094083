package channel

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// internalNetworks are those which netip.Addr has no method for, from the IANA
// special-purpose registries (RFC 6890): nothing on the Internet answers there,
// or something inside does.
var internalNetworks = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),        // this network
	netip.MustParsePrefix("100.64.0.0/10"),    // CGNAT; metadata of Alibaba Cloud
	netip.MustParsePrefix("168.63.129.16/32"), // host agent of Azure
	netip.MustParsePrefix("192.0.0.0/24"),     // IETF protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),     // documentation
	netip.MustParsePrefix("198.18.0.0/15"),    // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"),  // documentation
	netip.MustParsePrefix("203.0.113.0/24"),   // documentation
	netip.MustParsePrefix("240.0.0.0/4"),      // reserved, broadcast
	netip.MustParsePrefix("::/96"),            // IPv4-compatible
	netip.MustParsePrefix("64:ff9b::/96"),     // NAT64: hides an IPv4 address
	netip.MustParsePrefix("64:ff9b:1::/48"),   // local NAT64
	netip.MustParsePrefix("100::/64"),         // discard
	netip.MustParsePrefix("2001::/23"),        // protocol assignments, Teredo
	netip.MustParsePrefix("2001:db8::/32"),    // documentation
	netip.MustParsePrefix("2002::/16"),        // 6to4: hides an IPv4 address
	netip.MustParsePrefix("fec0::/10"),        // site-local
}

// internal says whether an address lies outside the public Internet.
func internal(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return true // loopback, link-local, multicast and unspecified are no global unicast
	}
	for _, n := range internalNetworks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// internalError is a connection that was not made.
type internalError struct{ addr netip.Addr }

func (e *internalError) Error() string {
	return fmt.Sprintf("%s is an address inside the network; set allow_private to allow it", e.addr)
}

// guard is a net.Dialer.ControlContext: it sees the address that is about to be
// connected to, after names are resolved, so that a name which changes its
// answer gains nothing.
func guard(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address to connect to: %w", err)
	}
	if internal(to.Addr()) {
		return &internalError{to.Addr()}
	}
	return nil
}

// newHTTPClient returns a client that uses no proxy and follows no redirect.
// Without keep each request has its own connection: on a kept one net/http
// repeats certain requests by itself when the server closes it, which an
// idempotent receiver may see and no other.
func newHTTPClient(allowPrivate, keep bool) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if !allowPrivate {
		dialer.ControlContext = guard
	}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  nil,
			DialContext:            dialer.DialContext,
			DisableKeepAlives:      !keep,
			MaxIdleConnsPerHost:    4,
			IdleConnTimeout:        30 * time.Second,
			TLSHandshakeTimeout:    10 * time.Second,
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// checkURL refuses what can be seen to be wrong without asking the network.
// The error does not repeat the URL, which may hold a secret.
func checkURL(field, raw string, allowPrivate bool) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, triage.FieldErrorf(field, "is not a URL; write it like https://example.com/send")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, triage.FieldErrorf(field, "begins with %q; use http:// or https://", u.Scheme)
	case u.Hostname() == "":
		return nil, triage.FieldErrorf(field, "names no host; write it like https://example.com/send")
	case u.User != nil:
		return nil, triage.FieldErrorf(field, "holds a user name; put it into a header")
	case u.Fragment != "":
		return nil, triage.FieldErrorf(field, "has a part after #, which is never sent; remove it")
	}
	if addr, err := netip.ParseAddr(strings.Trim(u.Hostname(), "[]")); err == nil && !allowPrivate && internal(addr) {
		return nil, triage.FieldErrorf(field, "%s", (&internalError{addr}).Error())
	}
	return u, nil
}
