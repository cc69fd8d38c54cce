import Manifests
import Planning
import Testing

@Suite struct RepositoryIdentityTests {
    @Test(arguments: [
        ("https://github.com/acme/shop.git", "github.com/acme/shop"), ("https://ada@GitHub.com:443/acme/shop/", "github.com/acme/shop"),
        ("git@github.com:acme/shop.git", "github.com/acme/shop"), ("ssh://git@github.com:22/acme/shop", "github.com/acme/shop"),
        ("ssh://git@host:2222/acme/shop.git", "host/acme/shop"), ("/srv/git/shop.git", ""), ("../shop", ""), ("file:///srv/shop", ""),
        ("", ""), ("https://", ""), ("https://host", ""), ("host:", ""),
    ])
    func urlsThatMeanTheSame(remote: String, expected: String) {
        #expect(RepositoryIdentity(remote: remote, rootCommit: nil).url == expected)
    }

    @Test(
        arguments: [
            (("a/x", "1"), ("a/x", "1"), true), (("a/x", "1"), ("a/y", "1"), true), (("a/x", "1"), ("a/x", "2"), true),
            (("a/x", "1"), ("a/y", "2"), false), (("a/x", ""), ("a/y", "2"), false), (("", "1"), ("a/y", "2"), false),
            (("", "1"), ("a/y", "1"), true), (("a/x", ""), ("", "1"), nil), (("", ""), ("a/x", "1"), nil),
        ] as [((String, String), (String, String), Bool?)])
    func oneRepositoryOrTwo(left: (String, String), right: (String, String), expected: Bool?) {
        let (left, right) = (
            RepositoryIdentity(url: left.0, rootCommit: left.1), RepositoryIdentity(url: right.0, rootCommit: right.1)
        )
        #expect(left.isSame(as: right) == expected)
        #expect(right.isSame(as: left) == expected)
    }

    @Test func anInventoryOfAnotherRepositoryIsRefused() {
        let mine = RepositoryIdentity(url: "a/x", rootCommit: "1")
        var inventory = Inventory(environment: "production", commit: "c")
        #expect(inventory.refusal(of: mine, knowsCommit: false, place: "p") == nil, "nobody's yet")
        inventory.repository = RepositoryIdentity(url: "b/y", rootCommit: "2")
        let refusal = inventory.refusal(of: mine, knowsCommit: false, place: "p")
        #expect(refusal?.message.contains("b/y") == true && refusal?.advice?.contains("--take-over") == true)
        #expect(inventory.refusal(of: mine, knowsCommit: true, place: "p") == nil, "its commit is ours")
    }

    @Test func headsAreKeptByLog() {
        var inventory = Inventory(environment: "production")
        for index in 0..<25 {
            inventory.remember(
                InventoryHead(log: "log\(index % 15)", sequence: index, hash: "h", host: "", path: "", time: ""))
        }
        #expect(inventory.heads.count == Inventory.headsMax)
        #expect(inventory.heads.last?.sequence == 24)
        #expect(Set(inventory.heads.map(\.log)).count == Inventory.headsMax)
    }
}
