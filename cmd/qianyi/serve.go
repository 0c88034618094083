package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime/debug"

	"github.com/gin-gonic/gin"
)

// serveCmd runs the service until it is told to stop.
type serveCmd struct {
	Addr string `help:"Where to listen (default :8080)." placeholder:"HOST:PORT"`
	Demo bool   `help:"Fill an empty store with a simulated company; without --data, in a folder that is removed at the end."`
	settings
	dataSettings
	packSettings
}

// Run serves until ctx ends, then stops in order: everything accepted is kept.
func (cmd *serveCmd) Run(ctx context.Context, s *streams) (err error) {
	c, from, err := cmd.loadWithOrigins(map[string]string{"addr": cmd.Addr}, cmd.dataSettings.flags(), cmd.packSettings.flags())
	if err != nil {
		return err
	}
	if cmd.Demo && from["data"] == "" && from["db"] == "" {
		remove, err := useDemoFolder(&c)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, remove()) }()
	}
	if cmd.Demo {
		useDemoCompany(&c)
	}
	gin.SetMode(gin.ReleaseMode)
	a, err := newApp(ctx, s, &c, newLogger(s.err, &c))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.stop()) }()
	if err := cmd.open(ctx, s, a); err != nil {
		return err
	}
	select {
	case err := <-a.failed:
		return err
	case <-ctx.Done():
		s.say("qianyi: stopping")
		return nil
	}
}

// open prepares accounts and demo data, starts the service and says where it is.
func (cmd *serveCmd) open(ctx context.Context, s *streams, a *app) error {
	hint := ""
	if cmd.Demo {
		var err error
		if hint, err = fillDemo(ctx, s, a); err != nil {
			return err
		}
	}
	password, err := firstAdmin(ctx, a.db)
	if err != nil {
		return err
	}
	if err := a.start(hint); err != nil {
		return err
	}
	// Loading dictionary, models and demo data leaves twice the memory behind
	// that the service needs.
	debug.FreeOSMemory()
	a.warnIfOpen()
	if password != "" {
		s.say("qianyi: first user %s, password %s (shown only now; change it with: qianyi user add %s --role admin %s)",
			adminName, password, adminName, a.config.place())
	}
	if hint != "" {
		s.say("qianyi: sign in as %s", hint)
	}
	s.say("qianyi: open %s (data in %s; stop with Ctrl-C)", a.url(), a.config.Data)
	return nil
}

// url is where a browser on this machine finds the console.
func (a *app) url() string {
	addr, ok := a.listener.Addr().(*net.TCPAddr)
	if !ok {
		return "http://" + a.listener.Addr().String() + "/"
	}
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "localhost"
	}
	return fmt.Sprintf("http://%s/", net.JoinHostPort(host, fmt.Sprint(addr.Port)))
}

// warnIfOpen tells the log when passwords may cross a network in the clear.
func (a *app) warnIfOpen() {
	addr, err := netip.ParseAddrPort(a.listener.Addr().String())
	if err != nil || addr.Addr().Unmap().IsLoopback() || len(a.config.API.TrustedProxies) > 0 {
		return
	}
	a.log.Warn("listening beyond this machine without TLS: put a TLS proxy in front and name it in api.trusted_proxies, or listen on 127.0.0.1",
		"addr", a.listener.Addr().String(), "api_tokens", len(a.config.API.Tokens))
}
