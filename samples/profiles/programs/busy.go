// A profile with inlined functions, several threads and labels: busy OUT.
package main

import (
	"context"
	"crypto/sha256"
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func add(a, b int) int { return a*31 + b }

func mix(rounds int) int {
	x := 1
	for i := 0; i < rounds; i++ {
		x = add(x, i)
	}
	return x
}

func work(until time.Time) int {
	sum := 0
	for time.Now().Before(until) {
		sum += fib(20) + mix(20000)
		sha256.Sum256(make([]byte, 10000))
	}
	return sum
}

func main() {
	f, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		panic(err)
	}
	until := time.Now().Add(700 * time.Millisecond)
	var wg sync.WaitGroup
	for _, name := range []string{"first", "second"} {
		wg.Add(1)
		go pprof.Do(context.Background(), pprof.Labels("worker", name), func(context.Context) {
			defer wg.Done()
			work(until)
		})
	}
	wg.Wait()
	pprof.StopCPUProfile()
	f.Close()
}
