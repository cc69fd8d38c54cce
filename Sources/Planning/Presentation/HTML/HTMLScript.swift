internal import Crypto
internal import Manifests

/// The page's script: search and filters. The page is whole without it.
enum HTMLScript {
    static let text = """
        (() => {
        'use strict';
        const form = document.getElementById('filters'), search = document.getElementById('search');
        const kind = document.getElementById('kind'), namespace = document.getElementById('namespace');
        const count = document.getElementById('count');
        const groups = [...document.querySelectorAll('.group')];
        const items = groups.flatMap((group, index) => [...group.querySelectorAll('.item')].map(element => ({
          element, index, text: null, verb: element.dataset.verb, causes: (element.dataset.causes || '').split(' '),
          kind: element.dataset.kind, namespace: element.dataset.namespace
        })));
        const boxes = name => [...form.querySelectorAll(`input[name=${name}]`)];
        const verbs = boxes('verb'), causes = boxes('cause');
        const chosen = list => list.every(box => box.checked) ? null : new Set(list.filter(box => box.checked).map(box => box.value));
        function apply() {
          const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
          const wantedVerbs = chosen(verbs), wantedCauses = chosen(causes);
          const shown = new Array(groups.length).fill(0);
          let total = 0;
          for (const item of items) {
            let isShown = (!wantedVerbs || wantedVerbs.has(item.verb)) && (!wantedCauses || item.causes.some(cause => wantedCauses.has(cause)))
              && (kind.value === '' || kind.value === item.kind) && (namespace.value === '' || namespace.value === item.namespace);
            if (isShown && words.length) {
              if (item.text === null) item.text = item.element.textContent.toLowerCase();
              isShown = words.every(word => item.text.includes(word));
            }
            if (item.element.hidden === isShown) item.element.hidden = !isShown;
            if (isShown) { shown[item.index]++; total++; }
          }
          groups.forEach((group, index) => { group.hidden = shown[index] === 0; });
          count.textContent = total === items.length ? `${total} changes` : `${total} of ${items.length} changes`;
        }
        function clear() {
          search.value = ''; kind.value = ''; namespace.value = '';
          for (const box of verbs.concat(causes)) box.checked = true;
          apply();
        }
        function openAll(isOpen) { for (const item of items) if (!item.element.hidden) item.element.open = isOpen; }
        function follow() {
          const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
          if (!target || !target.classList.contains('item')) return;
          if (target.hidden || target.closest('.group').hidden) clear();
          target.open = true;
          target.scrollIntoView();
        }
        let timer = 0;
        search.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(apply, 80); });
        form.addEventListener('change', apply);
        form.addEventListener('submit', event => { event.preventDefault(); apply(); });
        document.getElementById('clear').addEventListener('click', clear);
        document.getElementById('open').addEventListener('click', () => openAll(true));
        document.getElementById('close').addEventListener('click', () => openAll(false));
        document.addEventListener('keydown', event => {
          if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
          event.preventDefault();
          search.focus();
        });
        addEventListener('hashchange', follow);
        form.hidden = false;
        apply();
        follow();
        })();

        """

    /// What the page's content security policy lets run: this very script and no other.
    static let policySource = "'sha256-\(Base64.encode(Array(SHA256.hash(data: Array(text.utf8)))))'"
}
