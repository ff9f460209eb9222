import Testing

@testable import Workbench

@Suite("Differences between golden files")
struct ReferralDifferenceTests {
    @Test(
        "are found in one referral and in several, one a line",
        arguments: [
            ("{\"a\":1,\"b\":\"x\"}", "{\n \"a\": 1,\n \"c\": \"y\"\n}\n", ["lost b", "filled c"]),
            ("{\"a\":1}\n{\"a\":2}\n", "{\"a\":1}\n{\"a\":3,\"b\":4}\n", ["changed [1].a", "filled [1].b"]),
            ("{\"a\":1}\n{\"a\":2}\n", "{\"a\":1}\n{\"a\":2}\n", []),
        ])
    func changes(_ old: String, _ new: String, _ changes: [String]) {
        let difference = ReferralDifference.between(Array(old.utf8), Array(new.utf8))
        #expect(difference.changes.map { "\($0.kind) \($0.path)" } == changes)
    }
}
