import Custody
import Digests
import Glibc

/// The whole life of a message in the store: accepted with an 8 KB payload, a 3 KB canonical referral and one 3 KB
/// delivery, read as due, recorded as delivered.
///
/// `custody-bench [FOLDER] [MESSAGES] [BATCH]`; prints processor time and wall time a message. With a syscall tracer
/// around it, one `fdatasync` a transaction is to be seen.
@main
struct CustodyBench {
    struct Clock: TimeSource {
        func wall() -> Instant { Instant(milliseconds: Self.read(CLOCK_REALTIME)) }
        func steady() -> Monotonic { Monotonic(milliseconds: Self.read(CLOCK_MONOTONIC)) }

        private static func read(_ clock: clockid_t) -> Int64 {
            var time = timespec()
            clock_gettime(clock, &time)
            return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        }
    }

    static func main() throws {
        let arguments = CommandLine.arguments
        let folder = arguments.count > 1 ? arguments[1] : "custody-bench-state"
        let count = arguments.count > 2 ? Int(arguments[2]) ?? 20_000 : 20_000
        let batch = arguments.count > 3 ? Int(arguments[3]) ?? 64 : 64
        let custody = try SQLiteCustody(folder: folder, time: Clock())
        let started = (cpu: time(CLOCK_PROCESS_CPUTIME_ID), wall: time(CLOCK_MONOTONIC))
        var inputs = 0.0
        for first in stride(from: 0, to: count, by: batch) {
            let before = time(CLOCK_PROCESS_CPUTIME_ID)
            let operations = (first..<min(first + batch, count)).map { Operation.accept(intake($0)) }
            inputs += time(CLOCK_PROCESS_CPUTIME_ID) - before
            _ = try custody.commit(operations)
            let due = try custody.due(
                "queue", order: .perSubject, at: Clock().steady(), limit: batch, leavingOut: [])
            _ = try custody.commit(
                due.map {
                    .record(
                        Attempt(
                            delivery: $0.id, at: Clock().wall(), durationMilliseconds: 3,
                            outcome: .delivered(receipt: "42")))
                })
        }
        let cpu = time(CLOCK_PROCESS_CPUTIME_ID) - started.cpu - inputs
        let wall = time(CLOCK_MONOTONIC) - started.wall
        print("messages \(count), batch \(batch)")
        print("processor time a message: \(Int(cpu / Double(count) * 1e6)) µs")
        print("messages a second: \(Int(Double(count) / wall))")
        let delivered = try custody.ledger.counts()[.delivered] ?? 0
        precondition(delivered >= count, "not all were delivered")
        try custody.close()
    }

    private static func time(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func intake(_ number: Int) -> Intake {
        let nonce = Array("\(number) \(getpid()) \(time(CLOCK_REALTIME))".utf8)
        var payload = [UInt8](repeating: 0x20, count: 8192)
        payload.replaceSubrange(0..<nonce.count, with: nonce)
        let content = key(payload)
        let name = String(
            decoding: content.bytes.prefix(16).flatMap { [hexDigit($0 >> 4), hexDigit($0 & 15)] }, as: UTF8.self)
        var canonical = [UInt8](repeating: 0x21, count: 3072)
        canonical.replaceSubrange(0..<nonce.count, with: nonce)
        var body = [UInt8](repeating: 0x22, count: 3072)
        body.replaceSubrange(0..<nonce.count, with: nonce)
        var decision = Decision(.accepted)
        decision.mapping = "itk-cda@3"
        var referral = Decision.Referral(
            id: "referral-\(name)", kind: .new, names: [key(Array("name".utf8) + nonce)],
            subject: key(Array("subject \(number)".utf8)), canonical: canonical, trace: Array("{}".utf8))
        referral.deliveries = [
            Decision.Delivery(
                route: "queue", key: "key-\(name)", standing: .send(body: body, contentType: "application/json"))
        ]
        decision.referrals = [referral]
        var intake = Intake(
            reference: name, source: "inbox", receivedAt: Clock().wall(), content: content, payload: payload,
            decision: decision)
        intake.senderKey = key(Array("sender".utf8) + nonce)
        return intake
    }

    private static func key(_ bytes: [UInt8]) -> Key {
        let digest = Digest()
        digest.begin()
        digest.add(bytes.span)
        return Key(digest.end())
    }
}
