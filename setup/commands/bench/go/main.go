// Command ttrpc-bench is the reference our client is measured beside: containerd's own ttrpc, client and server.
//
//	ttrpc-bench serve UNIX_SOCKET HYBRID_VSOCK_SOCKET
//	ttrpc-bench call unix|hvsock SOCKET PAYLOAD_BYTES IN_FLIGHT MILLISECONDS
//
// serve echoes bench.Echo/Echo until its standard input is closed. call prints one line of JSON.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

const port = 1024

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "ttrpc-bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "serve":
		return serve(args[1], args[2])
	case len(args) == 6 && args[0] == "call":
		numbers := make([]int, 3)
		for i, text := range args[3:] {
			number, err := strconv.Atoi(text)
			if err != nil {
				return err
			}
			numbers[i] = number
		}
		return call(args[1], args[2], numbers[0], numbers[1], time.Duration(numbers[2])*time.Millisecond)
	}
	return fmt.Errorf("unknown arguments %q", args)
}

func serve(unixSocket, hybridSocket string) error {
	server, err := ttrpc.NewServer()
	if err != nil {
		return err
	}
	server.RegisterService("bench.Echo", &ttrpc.ServiceDesc{Methods: map[string]ttrpc.Method{
		"Echo": func(_ context.Context, unmarshal func(any) error) (any, error) {
			message := &wrapperspb.BytesValue{}
			err := unmarshal(message)
			return message, err
		},
	}})
	plain, err := net.Listen("unix", unixSocket)
	if err != nil {
		return err
	}
	hybrid, err := net.Listen("unix", hybridSocket)
	if err != nil {
		return err
	}
	go server.Serve(context.Background(), plain)
	go server.Serve(context.Background(), hybridListener{hybrid})
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
	return server.Close()
}

// hybridListener hands out connections on which the handshake of hybrid vsock is done.
type hybridListener struct{ net.Listener }

func (l hybridListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	// Byte by byte: what follows the line belongs to ttrpc.
	var line strings.Builder
	for one := make([]byte, 1); ; {
		if _, err := conn.Read(one); err != nil {
			return nil, err
		}
		if one[0] == '\n' {
			break
		}
		line.WriteByte(one[0])
	}
	if line.String() != fmt.Sprintf("CONNECT %d", port) {
		return nil, fmt.Errorf("unexpected first line %q", line.String())
	}
	_, err = fmt.Fprintf(conn, "OK %d\n", port)
	return conn, err
}

func dial(kind, socket string) (net.Conn, error) {
	conn, err := net.Dial("unix", socket)
	if err != nil || kind == "unix" {
		return conn, err
	}
	if _, err := fmt.Fprintf(conn, "CONNECT %d\n", port); err != nil {
		return nil, err
	}
	// The server says nothing more until it is asked, so nothing is lost in the reader's buffer.
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && !strings.HasPrefix(answer, "OK ") {
		err = fmt.Errorf("unexpected answer %q", answer)
	}
	return conn, err
}

func call(kind, socket string, payloadBytes, inFlight int, duration time.Duration) error {
	conn, err := dial(kind, socket)
	if err != nil {
		return err
	}
	client := ttrpc.NewClient(conn)
	defer client.Close()
	request := wrapperspb.Bytes([]byte(strings.Repeat("x", payloadBytes)))
	once := func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		response := &wrapperspb.BytesValue{}
		if err := client.Call(ctx, "bench.Echo", "Echo", request, response); err != nil {
			return err
		}
		if len(response.Value) != payloadBytes {
			return fmt.Errorf("%d bytes came back as %d", payloadBytes, len(response.Value))
		}
		return nil
	}
	// Once unmeasured, so that nobody is charged for what is only done once.
	if _, _, err := repeat(once, inFlight, duration/4); err != nil {
		return err
	}
	times, elapsed, err := repeat(once, inFlight, duration)
	if err != nil {
		return err
	}
	sort.Slice(times, func(a, b int) bool { return times[a] < times[b] })
	at := func(share float64) float64 { return times[int(share*float64(len(times)-1))].Seconds() * 1000 }
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"calls": len(times), "p50": at(0.5), "p99": at(0.99),
		"callsPerSecond": float64(len(times)) / elapsed.Seconds(),
	})
}

func repeat(once func() error, inFlight int, duration time.Duration) ([]time.Duration, time.Duration, error) {
	begun := time.Now()
	var (
		lock  sync.Mutex
		all   []time.Duration
		first error
		group sync.WaitGroup
	)
	for range inFlight {
		group.Add(1)
		go func() {
			defer group.Done()
			var mine []time.Duration
			var err error
			for err == nil && time.Since(begun) < duration {
				started := time.Now()
				err = once()
				mine = append(mine, time.Since(started))
			}
			lock.Lock()
			defer lock.Unlock()
			all = append(all, mine...)
			if first == nil {
				first = err
			}
		}()
	}
	group.Wait()
	return all, time.Since(begun), first
}
