import Custody
import Testing

@testable import Delivery

@Suite("Retry policy")
struct RetryPolicyTests {
    private let policy = RetryPolicy()

    @Test(
        "the wait is anything up to a limit that doubles to five minutes",
        arguments: [
            (0, 1_000), (1, 2_000), (2, 4_000), (8, 256_000), (9, 300_000), (40, 300_000), (5_000, 300_000),
            (-1, 1_000),
        ] as [(Int, Int64)])
    func backOff(failures: Int, limit: Int64) {
        #expect(policy.delay(after: failures, random: 0) == 0)
        #expect(policy.delay(after: failures, random: .max) == limit)
        #expect(abs(policy.delay(after: failures, random: 1 << 63) - limit / 2) <= 1)
    }

    @Test(
        "Retry-After is seconds or a date by the receiver's clock",
        arguments: [
            ("0", nil, 0), ("120", nil, 120_000), (" 7 ", nil, 7_000), ("-1", nil, nil), ("1.5", nil, nil),
            ("", nil, nil),
            ("soon", nil, nil), ("Sun, 06 Nov 1994 08:49:47 GMT", nil, 10_000),
            ("Sunday, 06-Nov-94 08:49:47 GMT", nil, 10_000), ("Sun Nov  6 08:49:47 1994", nil, 10_000),
            ("Sun, 06 Nov 1994 08:49:30 GMT", nil, 0), ("Sun, 06 Nov 1994 08:49:47 CET", nil, nil),
            ("Tue, 01 Jan 2030 00:00:09 GMT", "Tue, 01 Jan 2030 00:00:00 GMT", 9_000),
            ("Tue, 01 Jan 2030 00:00:09 GMT", "yesterday", 1_109_344_232_000),
        ] as [(String, String?, Int64?)])
    func retryAfter(value: String, date: String?, wait: Int64?) {
        let now = Instant(milliseconds: 784_111_777_000)  // 1994-11-06 08:49:37
        #expect(RetryAfter.milliseconds(value, date: date, now: now) == wait)
    }

    @Test("a wish for ever is heeded for an hour")
    func cap() throws {
        let wait = try #require(
            RetryAfter.milliseconds("99999999999999999999", date: nil, now: Instant(milliseconds: 0)))
        #expect(policy.heed(wait) == 3_600_000)
        #expect(policy.heed(-5) == 0)
    }

    @Test("age alone gives nothing up")
    func age() {
        let since = Instant(milliseconds: 0)
        let old = Instant(milliseconds: 5 * 86_400_000)
        #expect(policy.isExpired(since: since, now: old, attempts: 10, tried: 3_600_000))
        #expect(!policy.isExpired(since: since, now: old, attempts: 9, tried: 3_600_000))
        #expect(!policy.isExpired(since: since, now: old, attempts: 10, tried: 3_599_999))
        #expect(!policy.isExpired(since: since, now: Instant(milliseconds: 4 * 86_400_000), attempts: 999, tried: .max))
    }
}
