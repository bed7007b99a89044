package discover

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/printerctl/printerctl/transport/internal/deadline"
)

const (
	// answerTime is how long Network waits for answers where ctx allows more.
	answerTime = time.Second
	// connectTime is how long Range waits for each address.
	connectTime = 500 * time.Millisecond
	// MaxRange is the largest number of addresses that Range tries.
	MaxRange = 1024
	// atOnce is how many addresses Range tries at a time.
	atOnce = 64
)

// Network asks the networks that this machine is on for Epson printers and
// returns those that answer within a second, or until ctx ends. A network
// that cannot be asked is left out.
func (f *Finder) Network(ctx context.Context) ([]Device, error) {
	to := f.Broadcast
	if len(to) == 0 {
		var err error
		if to, err = broadcasts(); err != nil {
			return nil, err
		}
	}
	return ask(ctx, to)
}

// ask sends the queries to each address and collects the answers.
func ask(ctx context.Context, to []string) ([]Device, error) {
	if len(to) == 0 {
		return nil, nil
	}
	conn, err := net.ListenUDP("udp4", nil)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	sent := 0
	var sendErr error
	for _, s := range to {
		addr, err := net.ResolveUDPAddr("udp4", s)
		if err != nil {
			return nil, err
		}
		for _, q := range enpcQueries {
			if _, err := conn.WriteToUDP(q, addr); err != nil {
				sendErr = err
				continue
			}
			sent++
		}
	}
	if sent == 0 {
		return nil, sendErr
	}

	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	found := map[netip.Addr]Device{}
	buf := make([]byte, 2048)
	for {
		var from netip.AddrPort
		n, err := deadline.Run(ctx, conn.SetReadDeadline, func() (n int, err error) {
			n, from, err = conn.ReadFromUDPAddrPort(buf)
			return n, err
		})
		if ctx.Err() != nil {
			break
		}
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			continue // an ICMP refusal of one address is reported here
		}
		if model, ok := parseENPC(buf[:n]); ok {
			ip := from.Addr().Unmap()
			found[ip] = Device{
				Kind: Network, URI: "tcp://" + ip.String(), Maker: "EPSON", Model: model,
				Proof: ESCPOS, Evidence: "it answered Epson's printer query (ENPC)",
			}
		}
	}
	return sorted(found), nil
}

// Range connects to each address of r, which must not be larger than
// [MaxRange], and returns those that accept. No byte is sent over these
// connections; those that accept are also asked Epson's query.
func (f *Finder) Range(ctx context.Context, r netip.Prefix) ([]Device, error) {
	if !r.IsValid() || r.Addr().BitLen()-r.Bits() > 10 {
		return nil, fmt.Errorf("discover: %v is more than %d addresses", r, MaxRange)
	}
	port := cmp.Or(f.Port, 9100)
	var (
		mu    sync.Mutex
		found = map[netip.Addr]Device{}
		wg    sync.WaitGroup
		slots = make(chan struct{}, atOnce)
	)
	for ip := r.Masked().Addr(); r.Contains(ip) && ctx.Err() == nil; ip = ip.Next() {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			d := net.Dialer{Timeout: connectTime}
			conn, err := d.DialContext(ctx, "tcp", netip.AddrPortFrom(ip, port).String())
			if err != nil {
				return
			}
			_ = conn.Close()
			mu.Lock()
			defer mu.Unlock()
			found[ip] = Device{Kind: Network, URI: networkURI(ip, port), Proof: Unproven,
				Evidence: "port " + strconv.Itoa(int(port)) + " is open: a raw printing port"}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return sorted(found), err
	}
	var open []string
	for ip := range found {
		if ip.Is4() {
			open = append(open, net.JoinHostPort(ip.String(), enpcPort))
		}
	}
	epson, err := ask(ctx, open)
	for _, d := range epson {
		for ip, known := range found {
			if d.URI == "tcp://"+ip.String() {
				d.URI = known.URI
				found[ip] = d
			}
		}
	}
	return sorted(found), err
}

// networkURI leaves the usual port out.
func networkURI(ip netip.Addr, port uint16) string {
	host := ip.String()
	if port != 9100 {
		return "tcp://" + net.JoinHostPort(host, strconv.Itoa(int(port)))
	}
	if ip.Is6() {
		host = "[" + host + "]"
	}
	return "tcp://" + host
}

func sorted(found map[netip.Addr]Device) []Device {
	ips := make([]netip.Addr, 0, len(found))
	for ip := range found {
		ips = append(ips, ip)
	}
	slices.SortFunc(ips, netip.Addr.Compare)
	devices := make([]Device, 0, len(ips))
	for _, ip := range ips {
		devices = append(devices, found[ip])
	}
	return devices
}

// broadcasts returns the broadcast address of each IPv4 network that this
// machine is on.
func broadcasts() ([]string, error) {
	ifaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var to []string
	for _, i := range ifaces {
		if i.Flags&(net.FlagUp|net.FlagBroadcast) != net.FlagUp|net.FlagBroadcast {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addrs {
			n, ok := a.(*net.IPNet)
			if !ok || n.IP.To4() == nil {
				continue
			}
			ip, ok := netip.AddrFromSlice(n.IP.To4())
			ones, bits := n.Mask.Size()
			if !ok || bits != 32 || ones > 30 {
				continue
			}
			to = append(to, net.JoinHostPort(broadcastOf(netip.PrefixFrom(ip, ones)).String(), enpcPort))
		}
	}
	return to, nil
}

// broadcastOf returns the last address of an IPv4 network.
func broadcastOf(n netip.Prefix) netip.Addr {
	b := n.Addr().As4()
	for bit := n.Bits(); bit < 32; bit++ {
		b[bit/8] |= 1 << (7 - bit%8)
	}
	return netip.AddrFrom4(b)
}
